"""Two functions that call each other."""

from __future__ import annotations


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def main():
    return is_even(20), is_odd(7)
