"""cr_frame, cr_await and cr_running of a coroutine as it goes on."""

from __future__ import annotations

import types


@types.coroutine
def pause(value):
    return (yield value)


async def inner(x):
    y = await pause(x)
    return y * 2


async def outer():
    a = await inner(1)
    return a, await inner(2)


def main():
    coroutine = outer()
    frame = coroutine.cr_frame
    seen = [coroutine.cr_await, coroutine.cr_running, dict(frame.f_locals)]
    seen.append(coroutine.send(None))
    awaited = coroutine.cr_await
    seen.append((awaited.cr_code.co_name, dict(awaited.cr_frame.f_locals)))
    seen.append((awaited.cr_await.gi_code.co_name, frame is coroutine.cr_frame))
    seen.append(coroutine.send(10))
    seen.append((dict(frame.f_locals), awaited.cr_frame))
    try:
        coroutine.send(20)
    except StopIteration as stop:
        seen.append(stop.value)
    return seen, coroutine.cr_frame, coroutine.cr_await
