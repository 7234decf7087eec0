"""inspect.currentframe() and sys._getframe() give the same frame object."""

import inspect
import sys


def f():
    return inspect.currentframe() is sys._getframe()


assert f()
