"""A suspended generator that is deleted frees its frame's locals, deepest last."""

from __future__ import annotations

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def inner():
    noisy = Noisy("inner")
    try:
        yield noisy.name
    finally:
        log.append("finally")


def outer():
    noisy = Noisy("outer")
    yield from inner()
    del noisy


def main():
    log.clear()
    g = outer()
    log.append(next(g))
    del g
    never = outer()
    del never
    return list(log)
