"""f_locals read before and after a variable is bound, changed and deleted."""

from __future__ import annotations

import sys


def variables(depth=1):
    frame = sys._getframe(depth)
    return {k: v for k, v in frame.f_locals.items() if k != "seen"}


def changing(a):
    seen = [variables()]
    b = a + 1
    seen.append(variables())
    a = "changed"
    seen.append(variables())
    del b
    seen.append(variables())
    return seen, a


def with_cell(x):
    def inner():
        return x, variables()

    seen = inner(), sorted(variables())
    x += 1
    return seen, inner()


def main():
    return changing(1), with_cell(5)
