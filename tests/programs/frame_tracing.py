"""sys.settrace for two functions: call, line, exception and return events."""

from __future__ import annotations

import sys

events = []


def trace(frame, event, argument):
    code = frame.f_code
    if code.co_filename != __file__ or code.co_name not in ("add", "fail"):
        return None
    line = frame.f_lineno - code.co_firstlineno
    events.append((event, code.co_name, line))
    return trace


def add(a, b):
    c = a + b
    return c


def fail():
    raise ValueError


def main():
    events.clear()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        add(1, 2)
        fail()
    except ValueError:
        pass
    finally:
        sys.settrace(before)
    add(3, 4)
    return list(events)
