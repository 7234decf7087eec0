"""A jump by `f_lineno` while a yield is told of is made at once."""

import sys


def generator(variable=3):  # without one: jump_of_empty_frame.py
    yield 1
    yield 2
    yield variable


def trace(frame, event, arg):
    if event == "return" and arg == 1 and frame.f_code is generator.__code__:
        frame.f_lineno = generator.__code__.co_firstlineno + 3
    return trace


resumed = generator()
sys.settrace(trace)
got = next(resumed)
sys.settrace(None)
assert got == 3, got
assert next(resumed, None) is None
