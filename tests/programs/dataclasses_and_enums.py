"""Code that the standard library writes."""

from __future__ import annotations

import dataclasses
import enum


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0

    def __post_init__(self):
        self.sum = self.x + self.y


class Color(enum.Enum):
    RED = 1
    BLUE = 2

    @property
    def label(self):
        return self.name.lower()


def main():
    points = [Point(2), Point(1, 5)]
    return (
        min(points).sum,
        Point(2) == points[0],
        [c.label for c in Color],
        Color(2).name,
    )
