"""A frame taken while its callers run is the one that they see themselves."""

from __future__ import annotations

import sys


def inner(frames):
    frames.append(sys._getframe())
    frames.append(sys._getframe(1))
    return sys._getframe().f_back is sys._getframe(1)


def outer():
    frames = []
    same = inner(frames)
    own = sys._getframe()
    seen = same, frames[1] is own, frames[0].f_back is own
    del own
    frames.clear()
    return seen


def main():
    return outer()
