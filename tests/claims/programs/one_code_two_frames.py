"""Two calls of a function share its code, and have a frame each."""

import sys


def f(x):
    return sys._getframe()


first, second = f(10), f(20)
assert first is not second
assert first.f_code is second.f_code is f.__code__
assert (first.f_locals["x"], second.f_locals["x"]) == (10, 20)
