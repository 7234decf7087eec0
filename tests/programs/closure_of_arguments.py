"""Arguments that are captured: positional, starred, keyword, and rebound."""

from __future__ import annotations


def every(a, /, b, *args, c=3, **kwargs):
    def read():
        return a, b, args, c, kwargs

    a = -a
    kwargs["added"] = True
    return read


def default(value, seen=[]):
    def add():
        seen.append(value)
        return len(seen)

    return add


def main():
    default.__defaults__[0].clear()
    read = every(1, 2, 3, 4, c=5, d=6)
    return read(), [default(n)() for n in range(3)], default.__defaults__
