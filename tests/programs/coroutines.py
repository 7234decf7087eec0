"""Coroutines driven by hand."""

from __future__ import annotations


class Awaitable:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        received = yield self.value
        return received


async def step(n):
    return await Awaitable(n)


async def steps():
    return [await step(1), await step(2)]


def main():
    coroutine = steps()
    seen = [coroutine.send(None), coroutine.send("a")]
    try:
        coroutine.send("b")
    except StopIteration as stop:
        seen.append(stop.value)
    return seen
