"""Class bodies run as frames: nested, in loops, with names of their own."""

from __future__ import annotations


def make(n):
    class Inner:
        size = n

        class Deeper:
            label = "deep"

        values = [i * 2 for i in range(3)]

    return Inner


def main():
    classes = [make(i) for i in range(3)]
    return [c.size for c in classes], classes[0].Deeper.label, classes[1].values
