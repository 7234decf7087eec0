"""List, set and dict comprehensions, nested ones, generator expressions."""

from __future__ import annotations


def twice(x):
    return x * 2


def main():
    listed = [twice(x) for x in range(4) if x]
    nested = [[twice(y) for y in range(x)] for x in range(3)]
    made = {twice(x) for x in range(3)}, {x: twice(x) for x in range(2)}
    return listed, nested, sorted(made[0]), made[1], sum(twice(x) for x in range(3))
