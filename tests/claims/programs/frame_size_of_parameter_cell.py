"""A parameter that is a cell has a slot as a local, and one more as a cell."""

import sys


def plain(a):
    return sys._getframe(), a


def captured(a):
    return sys._getframe(), lambda: a


def slots(code):
    cells = len(code.co_cellvars) + len(code.co_freevars)
    return code.co_stacksize + code.co_nlocals + cells


frames = plain(1)[0], captured(1)[0]
first, second = (sys.getsizeof(frame) - 8 * slots(frame.f_code) for frame in frames)
assert first == second
