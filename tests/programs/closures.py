"""Functions that share a cell."""

from __future__ import annotations


def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    def reset():
        nonlocal count
        count = 0

    return step, reset


def main():
    step, reset = counter()
    first = [step() for _ in range(3)]
    reset()
    return first, step()
