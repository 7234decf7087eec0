"""asend, athrow and aclose of async generators, driven by hand."""

from __future__ import annotations

import types


@types.coroutine
def pause(value):
    return (yield value)


async def echo():
    received = None
    while True:
        try:
            received = yield received
            await pause("paused")
        except ValueError as error:
            received = repr(error)


def drive(awaitable):
    seen = []
    try:
        while True:
            seen.append(awaitable.send(None))
    except StopIteration as stop:
        return seen, stop.value
    except (StopAsyncIteration, KeyError) as error:
        return seen, repr(error)


def main():
    agen = echo()
    seen = [drive(agen.asend(None)), drive(agen.asend(1)), drive(agen.__anext__())]
    seen.append(drive(agen.athrow(ValueError("v"))))
    seen.append(drive(agen.athrow(KeyError("k"))))
    seen.append(drive(agen.asend(2)))
    closed = echo()
    drive(closed.asend(None))
    seen.append((drive(closed.aclose()), drive(closed.asend(None))))
    new = echo()
    try:
        new.asend(1).send(None)
    except TypeError as error:
        seen.append(str(error))
    return seen
