"""A function has no frame until it is called; then as many as calls are active."""

import gc
import sys
import types


def f(n):
    return f(n - 1) if n else sys._getframe()


def frames():
    found = [o for o in gc.get_objects() if type(o) is types.FrameType]
    return sum(frame.f_code is f.__code__ for frame in found)


assert frames() == 0
kept = f(2)
assert frames() == 3
del kept
assert frames() == 0
