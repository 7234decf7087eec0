"""Instances that are called, partial functions, bound methods."""

from __future__ import annotations

import functools


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return x + self.n


def add(a, b):
    return a + b


def main():
    partial = functools.partial(add, 10)
    return (
        Adder(1)(2),
        partial(5),
        list(map(Adder(3), range(3))),
        max([1, 2], key=Adder(0)),
    )
