"""A task that is cancelled, and cleans up."""

from __future__ import annotations

import asyncio

log = []


async def forever():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("cleaned")


async def run():
    task = asyncio.ensure_future(forever())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("seen")


def main():
    log.clear()
    asyncio.run(run())
    return list(log)
