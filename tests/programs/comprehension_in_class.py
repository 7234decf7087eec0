"""Comprehensions in class bodies: the first iterable sees the class, the rest not."""

from __future__ import annotations

x = "module"


def make(n):
    class Made:
        x = "class"
        items = [1, 2]
        first = [i * n for i in items]
        seen = [x for _ in items]
        lazy = list(x for _ in items)  # noqa: C400

    return Made


def failing():
    try:

        class Failing:
            inner = [1]
            pairs = [(a, b) for a in inner for b in inner]  # noqa: F821
    except NameError as error:
        return error.name


def main():
    made = make(3)
    return made.first, made.seen, made.lazy, failing(), "i" in vars(made)
