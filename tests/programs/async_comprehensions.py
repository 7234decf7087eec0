"""Comprehensions with async for and await: lists, sets, dicts, generators, nested."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield


async def ticks(n):
    for i in range(n):
        await pause()
        yield i


async def double(x):
    await pause()
    return x * 2


async def everything():
    lists = [x async for x in ticks(3) if x]
    awaited = [await double(x) for x in range(3)]
    sets = {x % 2 async for x in ticks(4)}
    dicts = {x: await double(x) async for x in ticks(2)}
    nested = [[y async for y in ticks(x)] async for x in ticks(3)]
    lazy = (await double(x) async for x in ticks(3))
    two = [x + y async for x in ticks(2) for y in range(2) if await double(y)]
    return lists, awaited, sorted(sets), dicts, nested, [y async for y in lazy], two


def main():
    coroutine, pauses = everything(), 0
    try:
        while True:
            coroutine.send(None)
            pauses += 1
    except StopIteration as stop:
        return stop.value, pauses
