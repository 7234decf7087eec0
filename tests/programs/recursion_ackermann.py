"""Ackermann's function: deep and wide recursion from small arguments."""

from __future__ import annotations


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def main():
    return [ackermann(m, n) for m in range(3) for n in range(3)]
