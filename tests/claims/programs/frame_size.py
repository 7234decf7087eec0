"""A frame object's size is a constant and 8 bytes a slot: locals, cells, stack."""

import sys


def small():
    return sys._getframe()


def large(free=1):
    a, b, c = 1, 2, 3
    cell = 4

    def inner():
        return cell

    return sys._getframe(), [a, b, c, a, b, inner]


def slots(code):
    cells = len(code.co_cellvars) + len(code.co_freevars)
    return code.co_stacksize + code.co_nlocals + cells


frames = small(), large()[0]
first, second = (sys.getsizeof(frame) - 8 * slots(frame.f_code) for frame in frames)
assert first == second
