"""Exceptions raised deep and handled far up."""

from __future__ import annotations


def raiser(n):
    if n == 0:
        raise ValueError("bottom")
    raiser(n - 1)


def main():
    caught = 0
    for depth in range(5):
        try:
            raiser(depth)
        except ValueError:
            caught += 1
    return caught
