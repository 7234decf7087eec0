"""Classes whose __init__ raises."""

from __future__ import annotations


class Bad:
    def __init__(self, n):
        if n % 2:
            raise ValueError(n)
        self.n = n


def main():
    made = 0
    for n in range(10):
        try:
            Bad(n)
            made += 1
        except ValueError:
            pass
    return made
