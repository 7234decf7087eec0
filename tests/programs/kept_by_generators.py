"""Frames that are alive when the program has ended: generators have them."""

from __future__ import annotations

import sys
from contextlib import contextmanager

kept = {}


def numbers(count):
    for number in range(count):
        yield number * 2


def delegates(inner):
    yield from inner


async def waits(awaitable):
    return await awaitable


async def items():
    yield 1
    yield 2


class Awaitable:
    def __await__(self):
        yield "waiting"


@contextmanager
def block():
    value = "within"
    try:
        yield value
    finally:
        del value


def looks_at_itself():
    yield sys._getframe()


def advanced(generator):
    next(generator)
    return generator


def main():
    kept.clear()
    kept["unstarted"] = numbers(1)
    kept["suspended"] = advanced(numbers(2))
    kept["delegation"] = advanced(delegates(numbers(3)))
    kept["exhausted"] = numbers(0)
    list(kept["exhausted"])
    kept["closed"] = advanced(numbers(2))
    kept["closed"].close()
    inner = waits(Awaitable())
    kept["coroutine"] = waits(inner)
    kept["coroutine"].send(None)
    kept["async generator"] = items()
    step = kept["async generator"].asend(None)
    try:
        step.send(None)
    except StopIteration:
        pass
    kept["block"] = block()
    kept["block"].__enter__()
    kept["expression"] = advanced(each for each in "ab")
    kept["frame"] = next(looks_at_itself())
    kept["frame of suspended"] = kept["suspended"].gi_frame
    return sorted(kept)
