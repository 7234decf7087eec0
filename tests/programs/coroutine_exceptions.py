"""Exceptions through awaits, handled half way, with the awaiting frames' names."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield


async def fail(n):
    await pause()
    if n == 0:
        raise ValueError("deep")
    await fail(n - 1)


async def handle():
    try:
        await fail(2)
    except ValueError as error:
        entry, names = error.__traceback__, []
        while entry is not None:
            names.append(entry.tb_frame.f_code.co_name)
            entry = entry.tb_next
        return names


async def stops():
    raise StopIteration("inside")


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    except RuntimeError as error:
        return str(error), repr(error.__cause__)


def main():
    return run(handle()), run(stops())
