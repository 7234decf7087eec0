"""A tree walked in order by generators that delegate to themselves."""

from __future__ import annotations


def build(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return build(low, middle), middle, build(middle + 1, high)


def walk(tree):
    if tree:
        left, value, right = tree
        yield from walk(left)
        yield value
        yield from walk(right)


def depths(tree, depth=0):
    if tree is not None:
        for branch in (tree[0], tree[2]):
            yield from depths(branch, depth + 1)
        yield depth


def main():
    tree = build(0, 12)
    return list(walk(tree)), list(depths(tree))
