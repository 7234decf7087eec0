"""Callbacks of weak references and finalizers."""

from __future__ import annotations

import weakref

log = []


class Thing:
    pass


def gone(reference):
    log.append("gone")


def main():
    log.clear()
    thing = Thing()
    reference = weakref.ref(thing, gone)
    weakref.finalize(thing, log.append, "finalized")
    del thing
    return reference() is None, sorted(log)
