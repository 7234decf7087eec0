"""Recursion in which C functions stand between the Python frames."""

from __future__ import annotations

import functools


def by_map(n):
    return n if n == 0 else 1 + next(map(by_map, [n - 1]))


def by_sort(n):
    return n if n == 0 else 1 + [*map(len, [sorted(range(n), key=by_filter)])][0]


def by_filter(n):
    return n if n == 0 else len([*filter(by_filter, range(n))])


def by_max(n):
    return n if n == 0 else max([n - 1], key=by_max) + 1


def by_partial(n):
    return n if n == 0 else 1 + functools.partial(by_partial, n - 1)()


class Node:
    def __init__(self, child):
        self.child = child

    def __repr__(self):
        return f"<{self.child!r}>"

    def __len__(self):
        return 1 + (len(self.child) if self.child else 0)

    def __eq__(self, other):
        return self.child == other.child

    __hash__ = None


def chain(n):
    return None if n == 0 else Node(chain(n - 1))


def main():
    node = chain(5)
    return by_map(5), by_sort(5), by_partial(5), repr(node), len(node), node == chain(5)
