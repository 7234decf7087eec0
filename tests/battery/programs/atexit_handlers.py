"""Handlers that print, import, raise and start no thread, in their order."""

import atexit
import sys


def late(name):
    import string

    print(name, string.digits, len(sys.argv), __name__)


def fails():
    raise ValueError("in atexit")


atexit.register(late, "registered first")
atexit.register(fails)
atexit.register(late, name="registered last")
print("ncallbacks >= 3:", atexit._ncallbacks() >= 3)
