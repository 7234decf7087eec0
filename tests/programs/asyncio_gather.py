"""Tasks that run side by side."""

from __future__ import annotations

import asyncio


async def work(name, n):
    for _ in range(n):
        await asyncio.sleep(0)
    return name


async def everything():
    return await asyncio.gather(work("a", 1), work("b", 3), work("c", 2))


def main():
    return asyncio.run(everything())
