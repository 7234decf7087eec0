"""While the callee runs each caller has a frame, stopped at its call."""

import sys


def a():
    return b()


def b():
    return c()


def c():
    frame, seen = sys._getframe(), []
    while frame is not None:
        seen.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return seen


assert a() == [("c", 17), ("b", 11), ("a", 7), ("<module>", 22)]
