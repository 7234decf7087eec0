"""Exceptions thrown into coroutines through their awaits, and close()."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield "paused"


async def inner():
    try:
        await pause()
    except ValueError:
        return "caught"


async def outer():
    caught = await inner()
    await pause()
    return caught


def main():
    coroutine = outer()
    seen = [coroutine.send(None), coroutine.throw(ValueError())]
    coroutine.close()
    return seen
