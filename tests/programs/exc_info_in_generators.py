"""What a generator handles is its own; what its caller handles it sees."""

from __future__ import annotations

import sys


def now():
    return type(sys.exception()).__name__


def numbers():
    yield now()
    try:
        raise ValueError
    except ValueError:
        yield now()
        yield now()
    yield now()


def main():
    g = numbers()
    seen = [next(g)]
    try:
        raise KeyError
    except KeyError:
        seen.append((next(g), now()))
    seen.append((next(g), now()))
    try:
        raise TypeError
    except TypeError:
        seen.append((next(g), now()))
    return seen, now()
