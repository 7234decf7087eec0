"""f_back of a frame that is over is still the frame that called it."""

import sys


def inner():
    return sys._getframe()


def outer():
    return inner(), sys._getframe()


frame, caller = outer()
assert frame.f_back is caller
assert caller.f_back is sys._getframe()
