"""An inner frame that is kept holds the frames of its callers, with their locals."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


def inner():
    return sys._getframe()


def outer(refs):
    big = Big()
    refs.append(weakref.ref(big))
    return inner()


def outermost(refs):
    big = Big()
    refs.append(weakref.ref(big))
    return outer(refs)


def main():
    refs = []
    frame = outermost(refs)
    names = []
    walk = frame
    while walk.f_code is not main.__code__:
        names.append(walk.f_code.co_name)
        walk = walk.f_back
    del walk
    held = [ref() is not None for ref in refs]
    del frame
    return names, held, [ref() is not None for ref in refs]
