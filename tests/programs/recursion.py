"""A function that calls itself."""

from __future__ import annotations


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def main():
    return fib(9)
