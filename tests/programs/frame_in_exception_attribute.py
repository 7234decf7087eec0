"""A frame that an exception carries in an attribute of its own."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


class Failed(Exception):
    def __init__(self, message):
        super().__init__(message)
        self.where = sys._getframe(1)


def fail():
    big = Big()
    alive.append(weakref.ref(big))
    raise Failed("no")


alive = []


def main():
    alive.clear()
    try:
        fail()
    except Failed as error:
        kept = error.with_traceback(None)
    seen = kept.where.f_code.co_name, kept.where.f_locals["big"] is alive[0]()
    kept.where = None
    return seen, alive[0]() is None
