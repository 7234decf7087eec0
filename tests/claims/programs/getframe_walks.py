"""sys._getframe(n) is n steps along f_back."""

import sys


def inner():
    frame = sys._getframe()
    return [
        sys._getframe(0) is frame,
        sys._getframe(1) is frame.f_back,
        sys._getframe(2) is frame.f_back.f_back,
    ]


def outer():
    return inner()


assert outer() == [True, True, True]
