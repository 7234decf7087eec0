"""return in a generator: the value of StopIteration, once."""

from __future__ import annotations


def numbers(n):
    yield n
    return n * 2


def nothing():
    return
    yield


def exceptional():
    yield
    return ValueError("as a value")


def wrapped():
    yield
    return (1, 2)


def drain(g):
    seen = []
    while True:
        try:
            seen.append(next(g))
        except StopIteration as stop:
            return seen, stop.value, stop.args


def main():
    g = numbers(3)
    seen = [drain(g), drain(g), drain(nothing()), drain(wrapped())]
    values = drain(exceptional())
    seen.append((repr(values[1]), len(values[2])))
    return seen
