"""An exception in a module's global keeps the failed frame's locals; then dropped."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []
saved = None


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise RuntimeError("failed")


def main():
    global saved
    alive.clear()
    try:
        load()
    except RuntimeError as error:
        saved = error
    held = alive[0]() is saved.__traceback__.tb_next.tb_frame.f_locals["big"]
    saved = None
    return held, alive[0]() is None
