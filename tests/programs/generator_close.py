"""Generators closed at a yield: with a finally, and without a handler."""

from __future__ import annotations

log = []


def guarded():
    try:
        yield 1
    finally:
        log.append("closed")


def plain():
    yield 1


def main():
    log.clear()
    g = guarded()
    next(g)
    g.close()
    p = plain()
    next(p)
    p.close()
    return list(log)
