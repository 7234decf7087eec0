"""A generator that is delegated to, and yields when closed, is closed once more."""

from __future__ import annotations

import sys

log = []


def stays():
    try:
        yield 1
    finally:
        log.append("asked")
        yield 2


def delegates():
    try:
        yield from stays()
    except RuntimeError as error:
        log.append(str(error))


def main():
    log.clear()
    ignored = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: ignored.append(str(told.exc_value))
    closed = delegates()
    next(closed)
    closed.close()
    dropped = delegates()
    next(dropped)
    del dropped
    sys.unraisablehook = before
    return list(log), ignored
