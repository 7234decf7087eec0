"""contextlib's async helpers: asynccontextmanager, AsyncExitStack, aclosing."""

from __future__ import annotations

import contextlib
import types

log = []


@types.coroutine
def pause():
    yield


@contextlib.asynccontextmanager
async def manager(name):
    log.append(f"+{name}")
    try:
        await pause()
        yield name
    finally:
        await pause()
        log.append(f"-{name}")


async def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


async def use():
    async with contextlib.AsyncExitStack() as stack:
        names = [await stack.enter_async_context(manager(n)) for n in "ab"]
        stack.push_async_callback(double, 2)
    async with contextlib.aclosing(numbers()) as agen:
        async for n in agen:
            names.append(n)
            break
    return names


async def double(x):
    await pause()
    log.append(x * 2)


def main():
    log.clear()
    coroutine = use()
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value, list(log)
