"""Unary operators, their methods, and those of numbers for int, float, round, abs."""

from __future__ import annotations


class Number:
    def __neg__(self):
        return "-"

    def __pos__(self):
        return "+"

    def __invert__(self):
        return "~"

    def __abs__(self):
        return "abs"

    def __round__(self, digits=None):
        return "round", digits

    def __int__(self):
        return 4

    def __float__(self):
        return 4.5

    def __complex__(self):
        return 4j

    def __index__(self):
        return 7

    def __divmod__(self, other):
        return "divmod", other

    def __trunc__(self):
        return "trunc"


def main():
    n, x = Number(), 5
    return (
        (-n, +n, ~n, not n, abs(n), round(n), round(n, 2)),
        (int(n), float(n), complex(n), hex(n), divmod(n, 3)),
        (-x, +x, ~x, not x, --x, not not x),
        [10, 20, 30, 40, 50, 60, 70, 80][n],
        "ab" * n,
        range(n).stop,
        bytes(n)[0],
    )
