"""a < b < c evaluates b once and stops at the first that fails."""

from __future__ import annotations

log = []


class Value:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        log.append(("<", self.n, other.n))
        return self.n < other.n

    def __eq__(self, other):
        log.append(("==", self.n, other.n))
        return self.n == other.n

    __hash__ = None


def value(n):
    log.append(n)
    return Value(n)


def branches(a, b, c):
    seen = []
    if a < b < c:
        seen.append("if")
    if not a < b < c:
        seen.append("not")
    while a < b < c:
        a += 1
        seen.append("while")
    seen.append(a == b != c is not None in [True])
    return seen, 1 if a <= b >= c else 2


def main():
    log.clear()
    seen = [
        value(1) < value(2) < value(3),
        value(2) < value(1) < value(3),
        value(1) < value(1) == value(1),
        branches(1, 2, 3),
        branches(3, 2, 1),
    ]
    return seen, list(log)
