"""One instruction of a frame runs others: operators, attributes, truth, iteration."""

from __future__ import annotations

import sys


def caller():
    return sys._getframe(2).f_code.co_name


class X:
    def __add__(self, other):
        return caller()

    def __getattr__(self, name):
        return caller() + name

    def __getitem__(self, index):
        return caller(), index

    def __bool__(self):
        seen.append(caller())
        return False

    def __iter__(self):
        yield caller()

    def __lt__(self, other):
        return caller()

    def __contains__(self, value):
        seen.append(caller())
        return True

    def __format__(self, spec):
        return caller() + spec

    def __enter__(self):
        return caller()

    def __exit__(self, *args):
        seen.append(caller())


seen = []


def operators(x):
    return x + 1, x.attribute, x[3], x < 1, not x, 5 in x, f"{x:>3}"


def iteration(x):
    return [*x], [y for y in x]  # noqa: C416


def contexts(x):
    with x as entered:
        return entered


def main():
    seen.clear()
    x = X()
    return operators(x), iteration(x), contexts(x), list(seen)
