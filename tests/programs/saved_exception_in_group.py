"""Exceptions kept by a group, and by the groups that split() makes of it."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []


def load(kind):
    big = Big()
    alive.append(weakref.ref(big))
    raise kind("member")


def collect():
    errors = []
    for kind in (ValueError, KeyError):
        try:
            load(kind)
        except Exception as error:
            errors.append(error)
    try:
        return ExceptionGroup("all", errors)
    finally:
        del errors


def states():
    return [a() is not None for a in alive]


def main():
    alive.clear()
    group = collect()
    seen = [states()]
    values, rest = group.split(ValueError)
    del group
    seen.append(states())
    del values
    seen.append(states())
    del rest
    return seen, states()
