"""match: literals, sequences, mappings, classes, guards, or, as."""

from collections import namedtuple
from types import SimpleNamespace

Point = namedtuple("Point", "x y")


class Named:
    __match_args__ = ("name", "value")

    def __init__(self, name, value):
        self.name, self.value = name, value


def kind(it):
    match it:
        case None | True | False:
            return "constant"
        case int(n) if n > 100:
            return f"big {n}"
        case 0 | 1 as small:
            return f"small {small}"
        case str() as text:
            return f"text {text}"
        case Point(x=0, y=0):
            return "origin"
        case Point(x, y):
            return f"point {x},{y}"
        case []:
            return "empty"
        case [1, *rest]:
            return f"one and {rest}"
        case (first, (second, *_), *_, last):
            return f"nested {first} {second} {last}"
        case {"kind": "a", "value": value, **rest}:
            return f"a: {value} {rest}"
        case {"kind": k}:
            return f"kind {k}"
        case Named("n", value=Named(deep)):
            return f"deep {deep}"
        case Named(name):
            return f"named {name}"
        case SimpleNamespace(a=[*_, {"b": c}]):
            return f"c={c}"
        case _:
            return "other"


for it in (
    None, 0, 1, 2, 500, "s", Point(0, 0), Point(1, 2), [], [1, 2, 3], (5, (6, 7), 8, 9),
    {"kind": "a", "value": 1, "z": 2}, {"kind": "b"}, {}, Named("n", Named("d", 1)),
    Named("m", 1), SimpleNamespace(a=[1, {"b": 7}]), 1.5,
):  # fmt: skip
    print(kind(it))
