"""inspect's walks: along a traceback, from a suspended frame, of the current one."""

from __future__ import annotations

import inspect


def fail(n):
    if n == 0:
        raise ValueError
    fail(n - 1)


def traced():
    try:
        fail(2)
    except ValueError:
        trace = inspect.trace(context=0)
        seen = [(info.function, info.index) for info in trace]
        del trace
        return seen


def waiting():
    yield


def outer_of(frame):
    return [info.function for info in inspect.getouterframes(frame, context=0)]


def current():
    frame = inspect.currentframe()
    info = inspect.getframeinfo(frame, context=0)
    del frame
    return info.function, info.code_context


def main():
    g = waiting()
    next(g)
    return traced(), outer_of(g.gi_frame), current()
