"""f_back of a generator's frame is the frame that resumes it, while it runs."""

import sys


def g6():
    yield sys._getframe().f_back


def resumes(g):
    return next(g), sys._getframe()


g = g6()
back, own = resumes(g)
assert back is own
assert g.gi_frame.f_back is None
