"""Classes that iterate, and iter() with a sentinel."""

from __future__ import annotations


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Sequence:
    def __getitem__(self, index):
        if index >= 3:
            raise IndexError(index)
        return index * 10


def main():
    it = Countdown(3)
    return (
        list(Countdown(4)),
        list(Sequence()),
        list(iter(it.__next__, 0)),
        next(it, "end"),
    )
