"""Frames that are alive when the program has ended: somebody has the frame object."""

from __future__ import annotations

import sys

kept = {}


def own_frame():
    local = "local"
    return sys._getframe() if local else None


def outer_frame():
    return inner_frame()


def inner_frame():
    return sys._getframe(1)


def caller_of_kept():
    return own_frame()


def cleared():
    return sys._getframe()


def in_closure():
    frame = sys._getframe()

    def shows():
        return frame

    return shows


class Body:
    frame = sys._getframe()


def of_class():
    class Within:
        frame = sys._getframe()

    return Within


def traced(frame, event, argument):
    return None


def yields():
    yield sys._getframe()
    yield sys._getframe()


def dropped():
    frame = sys._getframe()
    return len([frame])


def main():
    kept.clear()
    kept["own"] = own_frame()
    kept["outer"] = outer_frame()
    kept["caller"] = caller_of_kept()
    kept["cleared"] = cleared()
    kept["cleared"].clear()
    kept["closure"] = in_closure()
    kept["body"] = Body.frame
    kept["class"] = of_class()
    generator = yields()
    next(generator)
    kept["finished"] = next(generator)
    del generator
    kept["lambda"] = (lambda: sys._getframe())()
    kept["comprehension"] = [sys._getframe() for _ in "ab"]
    kept["expression"] = next(sys._getframe() for _ in "ab")
    dropped()  # refers to itself: garbage that waits
    return sorted(kept)
