"""f_locals of a function is a view in 3.13 and later: it follows the variable."""

import sys


def f():
    x = 1
    seen = sys._getframe().f_locals
    x = 2
    return x, seen["x"]


assert f() == (2, 2)
