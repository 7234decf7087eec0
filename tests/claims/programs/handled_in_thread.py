"""The exception being handled is asked of the thread, and callees see it too."""

import sys


def callee():
    return sys.exc_info()[1]


try:
    raise KeyError(1)
except KeyError as error:
    assert callee() is error
assert sys.exc_info() == (None, None, None)
