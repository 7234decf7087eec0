"""Dataclasses, enums and named tuples know their module."""

import copy
import dataclasses
import enum
import typing


@dataclasses.dataclass(slots=True, order=True)
class Item:
    name: str
    size: "int" = 1
    tags: dataclasses.InitVar[list] = ()


class Colour(enum.Enum):
    RED = 1


class Pair(typing.NamedTuple):
    left: Item
    right: Item


pair = Pair(Item("a"), Item("b", 2))
print(pair, copy.deepcopy(pair) == pair, Item.__module__, Pair.__module__)
print(repr(Colour.RED), Colour.__module__, dataclasses.asdict(pair.left))
