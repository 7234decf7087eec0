"""Cycles with __del__, weak references and one that comes back to life."""

from __future__ import annotations

import gc
import weakref

log = []
saved = []


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(f"del {self.name}")


class Phoenix(Node):
    def __del__(self):
        log.append(f"risen {self.name}")
        saved.append(self)


def pair(kind, *names):
    a, b = (kind(name) for name in names)
    a.other, b.other = b, a
    return weakref.ref(a, lambda ref: log.append("callback"))


def main():
    log.clear()
    gc.disable()
    try:
        reference = pair(Node, "a", "b")
        phoenix = Phoenix("c")
        phoenix.me = phoenix
        del phoenix
        before = reference() is not None, list(log)
        gc.collect()  # before it is enabled: then it may begin by itself
    finally:
        gc.enable()
    risen = saved.pop()
    del risen.me, risen
    return before, reference() is None, sorted(log)
