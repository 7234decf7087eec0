"""Functions and methods written in C."""

from __future__ import annotations

import math
import random
from typing import Generic, TypeVar


class Box(Generic[TypeVar("T")]):
    """Calls a method of C that `Generic` has by the same name, where that is in C."""

    def __init_subclass__(cls):
        super(Generic, cls).__init_subclass__()


class Random(random.Random):
    pass


class Meta(type):
    def method(cls):
        return cls.__name__


class Made(metaclass=Meta):
    pass


def main():
    values = []
    for i in range(4):
        values.append(abs(-i))
    values.sort()
    text = "a-b".split("-")
    try:
        int("x")
        len(3)
    except (TypeError, ValueError):
        pass
    try:
        math.sqrt(-1)
    except ValueError:
        text.append("negative")
    numbers = Random(1)  # the methods are those of `_random.Random`
    values += [numbers.random(), numbers.getrandbits(3)]
    text.append(type("Small", (Box,), {}).__name__)
    text += [Made.method(), *(base.__name__ for base in Made.mro())]
    return len(values), text, math.floor(2.5), sorted(values, key=abs), "".join(text)
