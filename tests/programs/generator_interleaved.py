"""Generators that take turns, so that their lives cross."""

from __future__ import annotations


def count(name, n):
    for i in range(n):
        yield f"{name}{i}"


def main():
    a, b, c = count("a", 3), count("b", 2), count("c", 4)
    return [x for trio in zip(a, b, c) for x in trio] + list(c)
