"""Sequences that do not fit their targets, and what cannot be unpacked."""

from __future__ import annotations

import itertools


def two(values):
    a, b = values
    return a, b


def starred(values):
    a, b, *c = values
    return a, b, c


def displays(value):
    return [*value]


def raising():
    yield 1
    raise KeyError("while unpacking")


def attempt(function, values):
    try:
        return function(values)
    except (TypeError, ValueError, KeyError) as error:
        return type(error).__name__, error.args[0].split(",")[0]


def main():
    cases = [(), "a", "ab", [1, 2, 3], 3, raising()]
    seen = [attempt(two, case) for case in cases]
    seen += [attempt(starred, case) for case in [(), "a", "ab", {1: 2}, None]]
    seen += [attempt(displays, 3), attempt(two, itertools.count())]
    return seen
