"""Frames kept in a list, newest last; popping one frees what it held."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


def keep(frames, n):
    big = Big()
    frames.append(sys._getframe())
    return [weakref.ref(big), *(keep(frames, n - 1) if n else [])]


def main():
    frames = []
    alive = keep(frames, 2)
    numbers = [frame.f_locals["n"] for frame in frames]
    backs = [a.f_back is b for a, b in zip(frames[1:], frames, strict=False)]
    states = []
    while frames:
        frames.pop()
        states.append([a() is not None for a in alive])
    return numbers, backs, states
