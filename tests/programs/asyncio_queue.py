"""A producer and a consumer with a queue between them."""

from __future__ import annotations

import asyncio


async def produce(queue):
    for i in range(4):
        await queue.put(i)
    await queue.put(None)


async def consume(queue):
    seen = []
    while (item := await queue.get()) is not None:
        seen.append(item)
    return seen


async def both():
    queue = asyncio.Queue(1)
    return (await asyncio.gather(produce(queue), consume(queue)))[1]


def main():
    return asyncio.run(both())
