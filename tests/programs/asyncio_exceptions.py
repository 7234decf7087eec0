"""Exceptions that pass through tasks."""

from __future__ import annotations

import asyncio


async def fail(n):
    await asyncio.sleep(0)
    raise ValueError(n)


async def run():
    results = await asyncio.gather(fail(1), fail(2), return_exceptions=True)
    try:
        await asyncio.ensure_future(fail(3))
    except ValueError as error:
        results.append(error)
    return [str(error) for error in results]


def main():
    return asyncio.run(run())
