"""Variables that hold generators: in which order these end with their function."""

from __future__ import annotations

log = []


def items(name):
    try:
        yield name
        yield name
    finally:
        log.append(name)


def kept(first, second):
    last = items("last")
    next(last)
    yield first, second


def function():
    first, second = items("first"), items("second")
    return next(first), next(second)


def main():
    log.clear()
    one, other = items("one"), items("other")
    next(one)
    next(other)
    suspended = kept(one, other)
    del one, other
    next(suspended)
    del suspended
    function()
    return list(log)
