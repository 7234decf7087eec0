"""Depth counted by sys._getframe, in calls and in callbacks of C."""

from __future__ import annotations

import sys


def depth():
    frame, n = sys._getframe(1), 0
    while frame is not None:
        frame, n = frame.f_back, n + 1
    return n


def down(n):
    return depth() if n == 0 else down(n - 1)


def generated(n):
    yield depth()
    if n:
        yield from generated(n - 1)


def main():
    base = depth()
    try:
        sys._getframe(100_000)
    except ValueError as error:
        failed = str(error)
    return (
        [down(n) - base for n in range(4)],
        [n - base for n in generated(2)],
        [n - base for n in map(down, range(2))],
        sys._getframe(0) is sys._getframe(),
        failed,
    )
