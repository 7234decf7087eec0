"""What can be awaited: coroutines, marked generators, __await__; and what cannot."""

from __future__ import annotations

import types


class Awaitable:
    def __init__(self, iterator):
        self.iterator = iterator

    def __await__(self):
        return self.iterator


@types.coroutine
def marked():
    return (yield "marked")


def generator():
    yield 1


async def coroutine():
    return "coroutine"


async def wait(what):
    return await what


def run(what):
    outer, seen = wait(what), []
    try:
        while True:
            seen.append(outer.send(None))
    except StopIteration as stop:
        return seen, stop.value
    except TypeError as error:
        return seen, str(error)


def main():
    never = coroutine()
    awaits = Awaitable(never)
    result = run(awaits)
    never.close()
    return (
        run(coroutine()),
        run(marked()),
        run(Awaitable(iter("ab"))),
        result,
        run(Awaitable([1])),
        run(generator()),
        run(None),
    )
