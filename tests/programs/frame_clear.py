"""frame.clear() frees the locals of a frame that ended, never of a running one."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


def leave():
    big = Big()
    return sys._getframe(), weakref.ref(big)


def running():
    try:
        sys._getframe().clear()
    except RuntimeError as error:
        return str(error)


def main():
    frame, alive = leave()
    before = alive() is not None, sorted(frame.f_locals)
    frame.clear()
    after = alive() is None, dict(frame.f_locals)
    return before, after, running(), frame.f_code.co_name
