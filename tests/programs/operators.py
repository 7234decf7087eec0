"""Operators that are methods, reflected and in place."""

from __future__ import annotations


class Money:
    def __init__(self, amount):
        self.amount = amount

    def __add__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount + other.amount)

    def __radd__(self, other):
        return Money(self.amount + other)

    def __iadd__(self, other):
        self.amount += other.amount
        return self

    def __eq__(self, other):
        return isinstance(other, Money) and self.amount == other.amount

    def __lt__(self, other):
        return self.amount < other.amount

    def __hash__(self):
        return hash(self.amount)

    def __bool__(self):
        return self.amount != 0

    def __contains__(self, value):
        return value == self.amount

    def __len__(self):
        return self.amount


def main():
    a, b = Money(1), Money(2)
    total = sum([a, b])
    a += b
    return total.amount, a.amount, a == b, b < a, bool(Money(0)), 3 in a, len(b)
