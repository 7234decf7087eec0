"""A jump by `f_lineno` while a yield is told of is made at once."""

import sys


def generator():
    yield 1
    yield 2
    yield 3


def trace(frame, event, arg):
    if event == "return" and arg == 1:
        frame.f_lineno = generator.__code__.co_firstlineno + 3
    return trace


made = generator()
sys.settrace(trace)
got = next(made)
sys.settrace(None)
assert got == 3, got
