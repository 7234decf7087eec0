"""Generic functions, classes and type aliases (3.12 and later)."""

from __future__ import annotations

import sys

SOURCE = """
def first[T](items: list[T], default: T = None) -> T:
    return items[0] if items else default

class Box[T: int, *Ts, **P]:
    inner = "inner"
    def get(self) -> inner:
        return T.__name__, __class__.__name__

type Pair[T] = tuple[T, T]
type Lazy = missing

class Outer:
    Inner = str
    type Alias = Inner
    def method[T: (int, Inner)](self, x: Inner = Inner) -> Inner:
        return x
"""
DEFAULTS = """
class Box[T = int, **P = [int]]:
    pass
type Many[*Ts = *tuple[int]] = tuple[*Ts]
"""


def main():
    if sys.version_info < (3, 12):
        return "no type parameters"
    names = {"__name__": "made"}
    exec(SOURCE, names)
    box, pair, outer = names["Box"], names["Pair"], names["Outer"]
    seen = [names["first"]([1]), [str(p) for p in box.__type_params__], box().get()]
    seen += [box.__type_params__[0].__bound__, str(pair.__value__), str(pair[int])]
    seen += [outer.Alias.__value__, outer.method.__type_params__[0].__constraints__]
    try:
        names["Lazy"].__value__
    except NameError as error:
        seen.append(str(error))
    if sys.version_info >= (3, 13):
        exec(DEFAULTS, names)
        parameters = names["Box"].__type_params__ + names["Many"].__type_params__
        seen += [str(p.__default__) for p in parameters]
    return seen
