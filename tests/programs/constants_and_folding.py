"""Constant expressions, small and large ints, tuples, docstrings, dead branches."""

from __future__ import annotations


def constants():
    """Say nothing."""
    a = 1 + 2 * 3, "a" * 3, (1, 2) + (3,), -5, ~5, 2**70, 1e3, 1j, ..., None
    if 0:
        a = "never"
    while 0:
        a = "never"
    if __debug__:
        b = "debug"
    return a, b, constants.__doc__, (1, (2, 3))[1][0]


def ints():
    small, large, negative = 5, 100_000, -3
    total = small + large + negative + 255 + 256 + 257
    return total, small == 5, [0, 1, 2, 3], (1, 2, 3)[-1]


def built():
    items = [1, 2, 3, 4, 5]
    names = {"a", "b", "c"}
    return items, sorted(names), {"a": 1, "b": 2}, f"{1}{'x'}"


def unreachable():
    return 1
    return 2


def main():
    first, second = built(), built()
    return constants(), ints(), first == second, first[0] is second[0], unreachable()
