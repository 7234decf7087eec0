"""What is read from f_locals is what the variables are when it is read."""

import sys


def f():
    x = 10
    first = sys._getframe().f_locals["x"]
    x = 11
    return first, sys._getframe().f_locals["x"], x


assert f() == (10, 11, 11)
