"""A cache in C around a recursive function."""

from __future__ import annotations

import functools


def main():
    @functools.cache
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    return fib(30), fib.cache_info().hits
