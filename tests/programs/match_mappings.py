"""match on mappings: keys, the rest, nesting, and mappings of other types."""

from __future__ import annotations

import collections


class Keys:
    NAME = "name"


def kind(value):
    match value:
        case {"type": "point", "at": [x, y]}:
            return "point", x, y
        case {Keys.NAME: str(name), **rest}:
            return "named", name, rest
        case {1: _, 2: second}:
            return "numbers", second
        case {"a": {"b": {"c": deep}}}:
            return "deep", deep
        case {}:
            return "any mapping", len(value)
    return "no mapping"


def main():
    values = [
        {"type": "point", "at": (1, 2)},
        {"name": "n", "x": 1},
        {1: 1, 2: 2, 3: 3},
        {"a": {"b": {"c": 5}}},
        collections.OrderedDict(z=1),
        collections.defaultdict(int),
        [("a", 1)],
    ]
    return [kind(value) for value in values]
