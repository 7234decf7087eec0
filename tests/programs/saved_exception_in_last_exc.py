"""sys.last_value and sys.last_exc, as an interactive interpreter sets them."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


alive = []
NAMES = "last_type", "last_value", "last_traceback", "last_exc"


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise RuntimeError("unhandled")


def main():
    alive.clear()
    before = {name: getattr(sys, name) for name in NAMES if hasattr(sys, name)}
    try:
        load()
    except RuntimeError as error:
        sys.last_type, sys.last_value = type(error), error
        sys.last_traceback = error.__traceback__
        sys.last_exc = error
    held = alive[0]() is not None, sys.last_exc is sys.last_value
    for name in NAMES:
        delattr(sys, name)
    for name, value in before.items():
        setattr(sys, name, value)
    return held, alive[0]() is None
