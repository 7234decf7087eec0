"""The frame of a generator that has finished has an `f_back`."""

import sys


def generator():
    yield sys._getframe()


def resume(made):
    return next(made, None)


made = generator()
frame = resume(made)
resume(made)
assert frame.f_back is not None
