"""ag_running, ag_frame and ag_await, and an async generator asked twice at once."""

from __future__ import annotations

import types


@types.coroutine
def pause(value):
    yield value


async def numbers():
    try:
        yield 1
        await pause("a")
        yield 2
    finally:
        await pause("b")


def attempt(awaitable):
    try:
        return awaitable.send(None)
    except (StopIteration, StopAsyncIteration, RuntimeError) as error:
        return repr(error)


def main():
    agen = numbers()
    seen = [agen.ag_running, agen.ag_frame.f_code.co_name, agen.ag_await]
    seen.append(attempt(agen.asend(None)))
    waiting = agen.asend(None)
    seen += [attempt(waiting), agen.ag_running, type(agen.ag_await).__name__]
    seen.append(attempt(agen.asend(None)))
    seen.append(attempt(waiting))
    seen.append(attempt(waiting))
    closing = agen.aclose()
    seen += [attempt(closing), attempt(closing), agen.ag_frame, agen.ag_running]
    return seen
