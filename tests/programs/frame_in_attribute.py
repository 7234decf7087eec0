"""A frame kept in an instance's attribute."""

from __future__ import annotations

import sys
import weakref


class Big:
    pass


class Snapshot:
    def __init__(self):
        self.frame = sys._getframe(1)

    def names(self):
        return sorted(self.frame.f_locals)


def take():
    big = Big()
    return Snapshot(), weakref.ref(big)


def main():
    snapshot, alive = take()
    seen = snapshot.names(), alive() is not None
    del snapshot.frame
    return seen, alive() is None
