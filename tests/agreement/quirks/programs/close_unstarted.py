"""close() of a generator that has not begun runs nothing."""

import sys

events = []


def generator():
    yield 1


def profile(frame, event, arg):
    if frame.f_code is generator.__code__:
        events.append(event)


made = generator()
sys.setprofile(profile)
made.close()
sys.setprofile(None)
assert events == []
