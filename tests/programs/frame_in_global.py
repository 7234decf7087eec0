"""A frame kept in a module's global, which main() empties at its end."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


saved = None


def keep():
    global saved
    big = Big()
    saved = sys._getframe()
    return weakref.ref(big)


def main():
    global saved
    alive = keep()
    held = alive() is saved.f_locals["big"], saved.f_code.co_name
    chain = saved.f_back is sys._getframe()
    saved = None
    return held, chain, alive() is None
