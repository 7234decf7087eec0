"""Generators dropped that yield once more: what these had ends with them, in order."""

from __future__ import annotations

import contextlib
import sys

log = []


def items(name):
    try:
        yield name
        yield name
    finally:
        log.append(name)


def suppressing():
    for a in items("outer"):
        with contextlib.suppress(GeneratorExit):
            yield a
        for b in items("inner"):
            for c in items("innermost"):
                yield a, b, c


def handling(first, second):
    next(first)
    next(second)
    try:
        yield 1
    except GeneratorExit:
        yield 2


def main():
    log.clear()
    ignored = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: ignored.append(str(told.exc_value))
    next(suppressing())
    next(handling(items("first"), items("second")))
    sys.unraisablehook = before
    return list(log), ignored
