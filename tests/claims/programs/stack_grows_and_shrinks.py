"""Each call makes the stack one deeper, each return one less deep."""

import sys


def depth():
    frame, n = sys._getframe(1), 0
    while frame is not None:
        frame, n = frame.f_back, n + 1
    return n


def b():
    return depth()


def a():
    return depth(), b(), depth()


assert (depth(), a(), depth()) == (1, (2, 3, 2), 1)
