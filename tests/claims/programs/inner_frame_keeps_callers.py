"""A frame that is kept keeps its callers' frames, with their locals, by f_back."""

import sys
import weakref


class Big:
    pass


def inner():
    return sys._getframe()


def outer():
    big = Big()
    return inner(), weakref.ref(big)


frame, alive = outer()
assert alive() is not None
assert frame.f_back.f_code is outer.__code__
assert frame.f_back.f_locals["big"] is alive()
del frame
assert alive() is None
