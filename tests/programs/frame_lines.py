"""f_lineno and f_lasti move on as a frame runs, and stand still when it is left."""

from __future__ import annotations

import sys


def line(frame):
    return frame.f_lineno - frame.f_code.co_firstlineno


def steps():
    frame = sys._getframe()
    seen = [line(frame), frame.f_lasti]
    seen.append(line(frame))
    seen.append(
        line(frame),
    )
    moved = frame.f_lasti > seen.pop(1)
    del frame
    return seen, moved


def suspended():
    yield 1

    yield 2


def main():
    g = suspended()
    lines = [line(g.gi_frame)]
    for _ in g:
        lines.append(line(g.gi_frame))
    return steps(), lines, g.gi_frame
