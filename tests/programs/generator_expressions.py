"""Generator expressions that are chained, and one left unfinished."""

from __future__ import annotations


def double(x):
    return x * 2


def main():
    source = (x for x in range(10))
    doubled = (double(x) for x in source if x % 2)
    some = [next(doubled), next(doubled)]
    return some, list(doubled), any(x > 2 for x in range(9))
