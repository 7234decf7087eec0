"""Each way in which arguments do not fit, with the interpreter's words."""

from __future__ import annotations


def none():
    pass


def two(a, b):
    pass


def one_default(a, b=1):
    pass


def positional(a, /, b):
    pass


def keyword(*, a, b, c=1):
    pass


class C:
    def method(self, a):
        pass


CALLS = [
    lambda: none(1),
    lambda: two(),
    lambda: two(1),
    lambda: two(1, 2, 3),
    lambda: two(1, a=2),
    lambda: two(1, c=2),
    lambda: two(b=1),
    lambda: one_default(1, 2, 3),
    lambda: positional(a=1, b=2),
    lambda: keyword(),
    lambda: keyword(a=1),
    lambda: keyword(1, a=1, b=2),
    lambda: C().method(),
    lambda: C.method(1),
    lambda: two(*[1], **{"b": 2}, **{"b": 3}),  # noqa: PIE804
    lambda: two(**{"a": 1}, a=2),  # noqa: PIE804
    lambda: two(*3),
    lambda: two(**3),
    lambda: two(**{1: 2}),
    lambda: (lambda x: x)(),
    lambda: CALLS(),
    lambda: C(1),
]


def main():
    seen = []
    for call in CALLS:
        try:
            call()
        except TypeError as error:
            seen.append(str(error))
    return seen, len(CALLS) - len(seen)
