"""A trace function gets the frame, and call, line and return events in order."""

import sys


def trace(frame, event, arg):
    if frame.f_code is f.__code__:
        line = frame.f_lineno - f.__code__.co_firstlineno
        events.append((event, frame.f_code.co_name, line, sorted(frame.f_locals)))
    return trace


def f(x):
    y = x + 1
    return y


events = []
sys.settrace(trace)
f(10)
sys.settrace(None)
assert events == [
    ("call", "f", 0, ["x"]),
    ("line", "f", 1, ["x"]),
    ("line", "f", 2, ["x", "y"]),
    ("return", "f", 2, ["x", "y"]),
]
f(10)
assert len(events) == 4
