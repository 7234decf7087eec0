"""A generator run to its end, by a loop and by next()."""

from __future__ import annotations


def numbers(n):
    for i in range(n):  # noqa: UP028
        yield i
    return "done"


def main():
    total = sum(numbers(5))
    it = numbers(2)
    first, second = next(it), next(it)
    try:
        next(it)
    except StopIteration as stop:
        return total, first, second, stop.value
