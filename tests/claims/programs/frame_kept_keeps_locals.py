"""A frame object that is kept keeps the locals of its call alive."""

import sys
import weakref


class Big:
    pass


def f():
    x = Big()
    return sys._getframe(), weakref.ref(x)


frame, alive = f()
assert alive() is not None
assert frame.f_locals["x"] is alive()
del frame
assert alive() is None
