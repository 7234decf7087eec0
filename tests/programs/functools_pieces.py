"""functools: partial, partialmethod, wraps, reduce, singledispatch, cached_property."""

from __future__ import annotations

import functools


@functools.singledispatch
def kind(value):
    return "object"


@kind.register
def _(value: int):
    return "int", kind("x")


@kind.register(list)
def _(value):
    return [kind(v) for v in value]


class C:
    def __init__(self):
        self.count = 0

    @functools.cached_property
    def value(self):
        self.count += 1
        return self.count

    def add(self, a, b):
        return a, b

    add_one = functools.partialmethod(add, 1, b=2)

    @functools.singledispatchmethod
    def show(self, value):
        return "any"

    @show.register
    def _(self, value: str):
        return "text"


@functools.total_ordering
class Ordered:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    __hash__ = None


def main():
    c = C()
    power = functools.partial(pow, 2)
    return (
        [kind(1), kind(2.5), kind([1, "a"])],
        (c.value, c.value, c.count, c.add_one(), c.show(1), c.show("s")),
        (power(5), functools.partial(power, 3)(), power.args),
        functools.reduce(lambda a, b: f"({a}{b})", "abc", ""),
        (Ordered(1) >= Ordered(1), Ordered(2) <= Ordered(1)),
    )
