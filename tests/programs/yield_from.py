"""Delegation: values, returned values, exceptions thrown through."""

from __future__ import annotations


def inner():
    try:
        received = yield 1
    except ValueError:
        received = "error"
    return received


def outer():
    first = yield from inner()
    second = yield from inner()
    rest = yield from [7, 8]
    return first, second, rest


def main():
    g = outer()
    seen = [next(g), g.send("sent"), g.throw(ValueError())]
    seen.append(next(g))
    try:
        next(g)
    except StopIteration as stop:
        seen.append(stop.value)
    return seen
