"""Async generators: iterated, closed, thrown into."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield


async def ticks(n):
    try:
        for i in range(n):
            await pause()
            yield i
    finally:
        await pause()


async def use():
    seen = [i async for i in ticks(3)]
    agen = ticks(5)
    seen.append(await agen.asend(None))
    await agen.aclose()
    seen += [j async for j in ticks(2) if j]
    return seen


def main():
    coroutine = use()
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value
