"""The frames along f_back, less two, are the depth, 0 for a module."""

import inspect


def current_depth():
    depth = 0
    frame = inspect.currentframe()
    while frame is not None:
        frame = frame.f_back
        depth += 1
    return depth - 2


def a():
    return current_depth()


def b():
    return a()


def c():
    return b()


assert (current_depth(), a(), c()) == (0, 1, 3)
