"""An exception kept by a closure that was made in its handler."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise RuntimeError("in a cell")


def make():
    try:
        load()
    except RuntimeError as error:
        kept = error

        def what():
            return str(kept), kept.__traceback__ is not None

        return what
    finally:
        log.append("left")


log = []


def main():
    alive.clear()
    log.clear()
    what = make()
    seen = what(), alive[0]() is not None
    what.__closure__[0].cell_contents = None
    return seen, alive[0]() is None, log[0]
