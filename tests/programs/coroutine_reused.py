"""A coroutine that is awaited again, sent to when closed, or awaited by two."""

from __future__ import annotations

import types


@types.coroutine
def pause():
    yield "pause"


async def work():
    await pause()
    return "done"


async def wait(what):
    return await what


def attempt(call, *args):
    try:
        return call(*args)
    except (StopIteration, RuntimeError, TypeError) as error:
        return repr(error)


def main():
    shared = work()
    first, second = wait(shared), wait(shared)
    seen = [attempt(first.send, None), attempt(second.send, None)]
    seen += [attempt(first.send, None), attempt(wait(shared).send, None)]
    closed = work()
    closed.close()
    seen += [attempt(closed.send, None), attempt(iter, closed)]
    seen.append(closed.close())
    new = work()
    seen.append(attempt(new.send, 1))
    new.close()
    return seen
