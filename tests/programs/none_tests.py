"""is None and is not None as conditions: of if, while, and, or, in comprehensions."""

from __future__ import annotations


class Node:
    def __init__(self, value, following=None):
        self.value = value
        self.following = following


def last(node):
    while node.following is not None:
        node = node.following
    return node.value


def wait(values):
    value = None
    while value is None:
        value = values.pop()
    return value


def choose(a, b):
    if a is None and b is None:
        return "neither"
    if a is None or b is None:
        return "one"
    return "both" if a is not None else "never"


def skip(values):
    seen = []
    for value in values:
        if value is not None:
            seen.append(value)
    for value in values:
        if value is None:
            seen.append("-")
    return seen, [v for v in values if v is None], [v for v in values if v is not None]


def main():
    return (
        last(Node(1, Node(2, Node(3)))),
        wait([5, None, None]),
        [choose(a, b) for a in (None, 1) for b in (None, 2)],
        skip([None, 1, None]),
    )
