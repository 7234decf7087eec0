"""A profile function gets calls and returns, of C functions too, and no lines."""

import sys


def profile(frame, event, arg):
    events.append((event, frame.f_code.co_name))


def f():
    return len("abc")


events = []
sys.setprofile(profile)
f()
sys.setprofile(None)
assert events[:4] == [
    ("call", "f"),
    ("c_call", "f"),
    ("c_return", "f"),
    ("return", "f"),
]
assert "line" not in dict(events)
