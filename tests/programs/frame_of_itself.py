"""A frame in a variable of its own: a cycle that only the collector ends."""

from __future__ import annotations

import gc
import sys
import weakref


class Big:
    pass


def cycle():
    big = Big()
    frame = sys._getframe()
    return weakref.ref(big), frame.f_locals["frame"] is frame


def broken():
    big = Big()
    frame = sys._getframe()
    del frame
    return weakref.ref(big)


def main():
    gc.disable()
    try:
        kept, same = cycle()
        before = kept() is None
        freed = broken()() is None
        gc.collect()  # before it is enabled: then it may begin by itself
    finally:
        gc.enable()
    return same, before, freed, kept() is None
