"""Exceptions thrown into a generator that handles them, and one that does not."""

from __future__ import annotations


def patient():
    while True:
        try:
            yield "ready"
        except ValueError:
            yield "caught"


def brittle():
    yield 1
    yield 2


def main():
    p = patient()
    seen = [next(p), p.throw(ValueError("x")), next(p)]
    b = brittle()
    next(b)
    try:
        b.throw(KeyError("y"))
    except KeyError:
        seen.append("left")
    p.close()
    return seen
