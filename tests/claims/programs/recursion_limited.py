"""Unbounded recursion ends in RecursionError, which can be caught."""

import sys


def infinite():
    return infinite()


limit = sys.getrecursionlimit()
try:
    infinite()
except RecursionError as error:
    text = str(error)
assert text.startswith("maximum recursion depth exceeded")
assert sys.getrecursionlimit() == limit
