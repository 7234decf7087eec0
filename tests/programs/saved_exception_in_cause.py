"""An exception kept as the __cause__ (and the __context__) of another."""

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
    except KeyError as error:
        raise ValueError("second") from error


def main():
    alive.clear()
    try:
        handle()
    except ValueError as error:
        kept = error
    seen = kept.__cause__ is kept.__context__, kept.__suppress_context__
    kept.__cause__ = None
    held = alive[0]() is not None
    kept.__context__ = None
    kept.__traceback__ = None
    return seen, held, alive[0]() is None
