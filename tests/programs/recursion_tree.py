"""Recursion over trees and choices: hanoi, permutations, flattening, partitions."""

from __future__ import annotations


def hanoi(n, source="a", target="c", spare="b"):
    if n == 0:
        return []
    before = hanoi(n - 1, source, spare, target)
    return [*before, source + target, *hanoi(n - 1, spare, target, source)]


def permutations(items):
    if not items:
        return [[]]
    return [
        [item, *rest]
        for i, item in enumerate(items)
        for rest in permutations(items[:i] + items[i + 1 :])
    ]


def flatten(value):
    match value:
        case [*items]:
            for item in items:
                yield from flatten(item)
        case _:
            yield value


def partitions(n, largest):
    if n == 0:
        return 1
    return sum(partitions(n - k, k) for k in range(1, min(n, largest) + 1))


def main():
    nested = [1, [2, [3, [4]], 5], [], [[6]]]
    return hanoi(3), permutations([1, 2, 3]), list(flatten(nested)), partitions(8, 8)
