"""Functions that are made, called once and die, so that addresses come again."""

from __future__ import annotations


def make(n):
    namespace = {}
    exec(f"def made_{n % 7}(x):\n    return x + {n}", namespace)
    return namespace[f"made_{n % 7}"]


def main():
    return sum(make(n)(n) for n in range(300))
