"""A parameter that is a cell has one slot."""

import sys


def plain(a):
    return sys._getframe(), a


def captured(a):
    return sys._getframe(), lambda: a


def slots(code):
    names = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return code.co_stacksize + len(names)


frames = plain(1)[0], captured(1)[0]
first, second = (sys.getsizeof(frame) - 8 * slots(frame.f_code) for frame in frames)
assert first == second
