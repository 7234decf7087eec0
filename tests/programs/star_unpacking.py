"""Stars in assignments, displays, calls, subscripts, returns and for loops."""

from __future__ import annotations


def returned(items):
    return *items, "end"


def yielded(items):
    yield *items, "end"


def targets():
    first, *middle, last = range(5)
    *init, (a, *b) = [1, 2, "xyz"]
    [c, *d] = {"k": 1}
    for e, *f in [(1, 2, 3), "ab"]:
        pass
    return first, middle, last, init, a, b, c, d, e, f


class Subscript:
    def __getitem__(self, key):
        return key


def main():
    a, b = [1, 2], {"x": 1}
    return (
        targets(),
        [*a, *a, 3, *"bc"],
        (*a, *b),
        sorted({*a, *a, 5}),
        {**b, "y": 2, **{"x": 3}},  # noqa: PIE800
        returned(a),
        next(yielded(a)),
        Subscript()[0, *a],
        Subscript()[*a],
        print(*a, sep="+"),
    )
