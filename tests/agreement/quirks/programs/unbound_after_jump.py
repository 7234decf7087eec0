"""A jump by `f_lineno` over an assignment gives the variable None."""

import sys
import warnings


def function():
    first = 1
    skipped = first
    return skipped


def trace(frame, event, arg):
    if frame.f_code is function.__code__:
        start = function.__code__.co_firstlineno
        if event == "line" and frame.f_lineno == start + 2:
            frame.f_lineno = start + 3
        return trace
    return None


warnings.simplefilter("ignore")
sys.settrace(trace)
try:
    got = function()
except UnboundLocalError as error:
    got = error
sys.settrace(None)
assert got is None, type(got)
