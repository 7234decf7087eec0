"""An exception kept as the __context__ of a later one."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise KeyError("first")


def handle():
    try:
        load()
    except KeyError:
        raise ValueError("second")


def main():
    alive.clear()
    try:
        handle()
    except ValueError as error:
        kept = error
    context = kept.__context__
    seen = repr(context), kept.__cause__, kept.__suppress_context__
    held = alive[0]() is not None
    del context
    kept.__context__ = None
    return seen, held, alive[0]() is None
