"""match on sequences: lengths, stars, nesting, and what is no sequence."""

from __future__ import annotations

import collections


def kind(value):
    match value:
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [x, [y, *_], *rest]:
            return "nested", x, y, rest
        case (first, *_, "end"):
            return "ends", first
        case [*init, 0]:
            return "init", init
        case [_, _, *_]:
            return "two or more"
    return "no sequence"


def main():
    values = [[], [1], (1, [2, 3], 4), [5, 6, "end"], [1, 2, 0], range(3), "ab", {1: 2}]
    values += [collections.deque([9]), {1, 2}, iter([1])]
    return [kind(value) for value in values]
