"""inspect's words for the states of generators and coroutines."""

from __future__ import annotations

import inspect
import types


@types.coroutine
def pause():
    yield


def numbers():
    x = 1
    yield inspect.getgeneratorstate(states[0])
    yield x


async def waiting():
    await pause()


states = []


def main():
    g = numbers()
    states[:] = [g]
    seen = [inspect.getgeneratorstate(g), next(g), inspect.getgeneratorstate(g)]
    seen.append(dict(inspect.getgeneratorlocals(g)))
    g.close()
    seen.append(inspect.getgeneratorstate(g))
    coroutine = waiting()
    seen.append(inspect.getcoroutinestate(coroutine))
    coroutine.send(None)
    seen.append(inspect.getcoroutinestate(coroutine))
    coroutine.close()
    seen.append(inspect.getcoroutinestate(coroutine))
    states.clear()
    return seen
