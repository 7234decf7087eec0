"""A frame kept in the default argument of a function."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


def make():
    big = Big()

    def look(frame=sys._getframe()):
        return sorted(frame.f_locals)

    return look, weakref.ref(big)


def main():
    look, alive = make()
    seen = look(), alive() is not None
    frame = look.__defaults__[0]
    look.__defaults__ = None
    frame.clear()
    del frame
    try:
        look()
    except TypeError as error:
        return seen, alive() is None, str(error)
