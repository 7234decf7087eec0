"""A generator that is suspended in a handler keeps the exception that it handles."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


alive = []


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise RuntimeError("handled later")


def handling():
    try:
        load()
    except RuntimeError:
        yield str(sys.exception())
        yield str(sys.exception())
    yield sys.exception()


def main():
    alive.clear()
    g = handling()
    seen = [next(g), sys.exception(), alive[0]() is not None, next(g)]
    seen.append((next(g), alive[0]() is None))
    g.close()
    return seen
