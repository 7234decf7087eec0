"""A generator that walks a tree through itself."""

from __future__ import annotations


def walk(tree):
    if tree is None:
        return
    left, value, right = tree
    yield from walk(left)
    yield value
    yield from walk(right)


def main():
    tree = ((None, 1, None), 2, ((None, 3, None), 4, None))
    return list(walk(tree))
