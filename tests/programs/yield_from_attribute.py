"""gi_yieldfrom names what a suspended generator delegates to, and only then."""

from __future__ import annotations


def inner():
    yield 1
    yield 2


def outer():
    yield "own"
    yield from inner()
    yield from [3]
    yield "own again"


def main():
    g = outer()
    seen = [g.gi_yieldfrom]
    for value in g:
        to = g.gi_yieldfrom
        seen.append((value, getattr(to, "__name__", type(to).__name__)))
    return seen, g.gi_yieldfrom
