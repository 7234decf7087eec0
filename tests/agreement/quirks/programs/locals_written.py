"""What is written to `f_locals` of a function is in its variable."""

import sys


def function():
    variable = 1
    sys._getframe().f_locals["variable"] = 2
    return variable


assert function() == 2
