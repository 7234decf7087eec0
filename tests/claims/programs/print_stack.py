"""A walk along f_back: print_stack, c, b, a, <module>, with their lines."""

import sys


def print_stack():
    frame, found = sys._getframe(), []
    while frame is not None:
        found.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return found


def c():
    return print_stack()


def b():
    return c()


def a():
    return b()


found = a()
assert [name for name, _ in found] == ["print_stack", "c", "b", "a", "<module>"]
assert [line for _, line in found[1:]] == [15, 19, 23, 26]
