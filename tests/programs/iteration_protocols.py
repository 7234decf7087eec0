"""iter() of classes with __getitem__, of callables with a sentinel, and zip, map."""

from __future__ import annotations


class Letters:
    def __getitem__(self, index):
        log.append(index)
        return "abc"[index]


class Reading:
    def __init__(self, items):
        self.items = items

    def __call__(self):
        return self.items.pop() if self.items else ""


class Changing:
    __iter__ = None

    def __getitem__(self, index):
        raise AssertionError("is not reached")


log = []


def main():
    log.clear()
    letters = Letters()
    seen = [list(letters), "b" in letters, [*zip(letters, range(2), strict=False)]]
    seen.append(list(iter(Reading(["a", "b", "stop", "c"]), "stop")))
    seen.append(list(map(lambda a, b: a + b, letters, Letters())))
    try:
        iter(Changing())
    except TypeError as error:
        seen.append(str(error))
    it = iter(letters)
    a, *rest = it
    seen += [a, rest, next(it, "end"), list(reversed([*letters])), list(log).count(3)]
    return seen
