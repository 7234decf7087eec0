"""match statements with classes and guards."""

from __future__ import annotations


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def far(n):
    return n > 10


def where(value):
    match value:
        case Point(0, 0):
            return "origin"
        case Point(x, _) if far(x):
            return "far"
        case [first, *rest]:
            return where(first), len(rest)
        case {"key": inner}:
            return where(inner)
        case _:
            return "other"


def main():
    return [where(v) for v in (Point(0, 0), Point(11, 1), [Point(1, 1), 2], {"key": 3})]
