"""Frames kept by a traceback alone: the exception itself is gone."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []


def fail(n):
    big = Big()
    alive.append(weakref.ref(big))
    if n == 0:
        raise ValueError
    fail(n - 1)


def main():
    alive.clear()
    try:
        fail(1)
    except ValueError as error:
        traceback = error.__traceback__
    del error_names[:]
    entry = traceback.tb_next
    while entry is not None:
        error_names.append(entry.tb_frame.f_locals["n"])
        entry = entry.tb_next
    held = [a() is not None for a in alive]
    del traceback
    return error_names, held, [a() is not None for a in alive]


error_names = []
