"""A generator's frame is in the generator: more slots make a larger object."""

import sys


def small():
    yield 1


def large():
    a = b = c = d = e = 1
    yield a, b, c, d, e


extra = large.__code__.co_nlocals + large.__code__.co_stacksize
extra -= small.__code__.co_nlocals + small.__code__.co_stacksize
assert sys.getsizeof(large()) - sys.getsizeof(small()) == 8 * extra
