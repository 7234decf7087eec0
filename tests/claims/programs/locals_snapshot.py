"""f_locals of a function is a copy of when it was read, until it is read again."""

import sys


def f():
    x = 1
    seen = sys._getframe().f_locals
    x = 2
    return x, seen["x"]


assert f() == (2, 1)
