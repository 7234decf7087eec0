"""Exceptions kept as values of a dict, by what failed; then taken out one by one."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = {}


def load(name):
    big = Big()
    alive[name] = weakref.ref(big)
    raise RuntimeError(name)


def main():
    alive.clear()
    errors = {}
    for name in ("a", "b"):
        try:
            load(name)
        except RuntimeError as error:
            errors[name] = error
    counts = [sum(a() is not None for a in alive.values())]
    while errors:
        errors.popitem()
        counts.append(sum(a() is not None for a in alive.values()))
    return counts
