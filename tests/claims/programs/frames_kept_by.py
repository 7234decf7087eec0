"""Frames live on in tracebacks, generators, coroutines, and variables."""

import sys
import weakref


class Big:
    pass


alive = []


def big():
    value = Big()
    alive.append(weakref.ref(value))
    return value


def fails():
    value = big()
    raise ValueError(value is None)


def generator():
    value = big()
    yield
    del value


async def coroutine():
    value = big()
    await Suspends()
    del value


class Suspends:
    def __await__(self):
        yield


def saved():
    value = big()
    return sys._getframe(), value is None


try:
    fails()
except ValueError as error:
    kept = [error.__traceback__]
kept += [generator(), coroutine()]
next(kept[1])
kept[2].send(None)
kept.append(saved()[0])
for holder, ref in zip(kept, alive, strict=True):
    assert ref() is not None, holder
del holder
while kept:
    kept.pop()
assert [ref() for ref in alive] == [None] * 4
