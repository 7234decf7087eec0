"""async for with break, else, in nested loops, and over what is not async."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield


class Ticks:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        await pause()
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


class Wrong:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 3


async def loops(stop):
    seen = []
    async for n in Ticks(4):
        if n == stop:
            break
        async for m in Ticks(n):
            seen.append((n, m))
    else:
        seen.append("else")
    return seen


async def over(thing):
    try:
        async for x in thing:
            return x
    except TypeError as error:
        return str(error)


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def main():
    return run(loops(2)), run(loops(9)), run(over([1])), run(over(Wrong()))
