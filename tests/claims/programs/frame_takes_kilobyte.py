"""A frame of a simple function takes 1 KB or more."""

import sys

from frametools import vm


def f(a, b):
    c = a + b
    return c, sys._getframe()


frame_object = f(1, 2)[1]
assert vm.layout(f).frame_bytes + sys.getsizeof(frame_object) >= 1024
