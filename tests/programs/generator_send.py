"""Values sent into a generator."""

from __future__ import annotations


def average():
    total = count = 0
    mean = None
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total / count


def main():
    g = average()
    next(g)
    means = [g.send(v) for v in (10, 20, 30)]
    g.close()
    return means
