"""A generator that yields when it is closed, and one that ends otherwise."""

from __future__ import annotations

log = []


def yields():
    try:
        yield 1
    except GeneratorExit:
        log.append("asked")
    yield "still here"


def raises():
    try:
        yield 1
    finally:
        raise KeyError("on close")


def returns():
    try:
        yield 1
    except GeneratorExit as error:
        log.append(repr(error))


def main():
    log.clear()
    seen = []
    for function in (yields, raises, returns):
        g = function()
        next(g)
        try:
            g.close()
        except (RuntimeError, KeyError) as error:
            seen.append(repr(error))
        seen.append(list(g))
    return seen, list(log)
