"""The program traces itself, and leaves its trace function on."""

import sys


def work(n):
    total = 0
    for i in range(n):
        total += i
    return total


events = []


def trace(frame, event, argument):
    events.append((frame.f_code.co_name, event, frame.f_lineno))
    return trace


print(sys.gettrace())
sys.settrace(trace)
work(2)
sys.settrace(None)
print(events)


def late(frame, event, argument):
    if frame.f_globals.get("__name__") != "threading":
        print(event, frame.f_code.co_name)


sys.settrace(late)
work(1)
