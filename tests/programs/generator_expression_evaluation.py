"""A generator expression evaluates its first iterable at once, the rest later."""

from __future__ import annotations

log = []


def source(name, values):
    log.append(name)
    return values


def test(x):
    log.append(("if", x))
    return x


def main():
    log.clear()
    g = (x * y for x in source("first", [0, 1]) if test(x) for y in source("next", [5]))
    log.append("made")
    seen = list(g)
    try:
        h = (x for x in missing)  # noqa: F821
    except NameError:
        log.append("at once")
    h = (missing for x in [1])  # noqa: F821
    try:
        next(h)
    except NameError:
        log.append("later")
    return seen, list(log), list(h)
