"""traceback.clear_frames frees the locals of all frames that have ended."""

from __future__ import annotations

import traceback
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
    mine = Big()
    try:
        fail(2)
    except ValueError as error:
        before = [a() is not None for a in alive]
        traceback.clear_frames(error.__traceback__)
        return before, [a() is not None for a in alive], type(mine).__name__
