"""Generators that die at a yield."""

from __future__ import annotations

log = []


def guarded(n):
    try:
        yield n
    finally:
        log.append(n)


def main():
    log.clear()
    for n in range(3):
        g = guarded(n)
        next(g)
        del g
    return list(log)
