"""Exceptions in __iter__, __next__, __getattr__, __bool__, __eq__, __format__, ..."""

from __future__ import annotations


class Failing:
    def fail(self, *args):
        raise ValueError("failed")

    __iter__ = __bool__ = __eq__ = __format__ = __len__ = __getitem__ = fail
    __contains__ = __call__ = __enter__ = __exit__ = __neg__ = __hash__ = fail
    __setitem__ = __delitem__ = __setattr__ = __delattr__ = __index__ = fail

    def __getattr__(self, name):
        raise ValueError(name)


class FailingNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("next")


def with_it(x):
    with x:
        pass


def loop(x):
    for _ in x:
        pass


def delete(x):
    del x[0]


def store(x):
    x.attribute = 1


CALLS = [
    list,
    bool,
    hash,
    len,
    with_it,
    loop,
    delete,
    store,
    lambda x: x == 1,
    lambda x: f"{x}",
    lambda x: x[0],
    lambda x: 0 in x,
    lambda x: x(),
    lambda x: -x,
    lambda x: x.missing,
    lambda x: getattr(x, "other", None),
    lambda x: [1, 2][x:],
    lambda x: 1 if x else 2,
    lambda x: [*x],
    lambda x: not x,
    lambda x: [y for y in x],  # noqa: C416
    lambda x: max(x),
]


def names(error):
    entry, found = error.__traceback__.tb_next, []
    while entry is not None:
        found.append(entry.tb_frame.f_code.co_name)
        entry = entry.tb_next
    return str(error), found[-1]


def main():
    seen = []
    for call in CALLS:
        try:
            call(Failing())
        except ValueError as error:
            seen.append(names(error))
    for call in (list, loop, lambda x: dict(x), lambda x: (lambda *a: a)(*x)):
        try:
            call(FailingNext())
        except ValueError as error:
            seen.append(names(error))
    return seen
