"""Anonymous functions, called at once, kept and passed on."""

from __future__ import annotations


def apply(function, *values):
    return [function(value) for value in values]


def main():
    add = lambda x, y: x + y  # noqa: E731
    return (lambda: 1)(), add(1, 2), apply(lambda x: x * 2, 1, 2, 3)
