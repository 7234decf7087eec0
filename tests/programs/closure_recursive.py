"""Inner functions that call themselves and each other through their cells."""

from __future__ import annotations


def factorial(n):
    def step(n):
        return 1 if n == 0 else n * step(n - 1)

    return step(n)


def parity(n):
    def even(n):
        return n == 0 or odd(n - 1)

    def odd(n):
        return n != 0 and even(n - 1)

    return even(n)


def fixed_point(f):
    return (lambda x: x(x))(lambda x: f(lambda n: x(x)(n)))


def main():
    anonymous = fixed_point(lambda again: lambda n: n * again(n - 1) if n else 1)
    return factorial(6), parity(9), parity(8), anonymous(5)
