"""Calls right before the target of a jump: Python functions, C ones, such as raise."""

from __future__ import annotations


def down(n):
    return n and down(n - 1)


def native(n):
    return n and len(range(n))


def chained(a, b):
    return a and down(a) or b and down(b) or native(b)


def numbers(n):
    return n and made(n)


def made(n):
    yield n


class Thing:
    def __init__(self, n):
        self.n = n

    def method(self, n):
        return n and self.other(n)

    def other(self, n=2, *rest):
        return n and down(*rest, n)


def raises(n):
    if n > 2:
        raise ValueError(n)
    return n


def again(n):
    seen = []
    for called in raises, len, raises, abs:
        try:
            seen.append(n and called(n))
        except (ValueError, TypeError) as error:
            seen.append(type(error).__name__)
    return seen


def chosen(n):
    return down(n) if n > 1 else Thing(n).method(n) if n else native(n)


def main():
    return (
        [down(3), native(3), chained(2, 0), chained(0, 2), chained(1, 1)],
        list(numbers(2)),
        [Thing(1).method(2), (lambda n: n and Thing(n))(0)],
        [again(n) for n in (0, 1, 3)],
        [chosen(n) for n in range(3)],
    )
