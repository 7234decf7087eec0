"""What raises StopIteration at its end, in a loop, `yield from` and `await`."""

from __future__ import annotations

import asyncio
import contextvars
from xml.etree import ElementTree as ET


class Numbers:
    def __init__(self, *at_end):
        self.number = 0
        self.at_end = at_end

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        if self.number > 2:
            raise StopIteration(*self.at_end)
        return self.number

    def send(self, value):
        raise StopIteration(value)


class Delegating:
    def __init__(self, iterator):
        self.iterator = iterator

    def __await__(self):
        return self.iterator


async def generator():
    yield 1


async def empty():
    return
    yield


def in_loop(iterator):
    seen = []
    try:
        for item in iterator:
            seen.append(type(item).__name__)
    except StopAsyncIteration:
        seen.append("no more")
    return seen


def delegates(iterator):
    return (yield from iterator)


async def awaits(iterator):
    return await Delegating(iterator)


def driven(generator):
    seen = []
    try:
        while True:
            seen.append(type(generator.send(None)).__name__)
    except StopIteration as stop:
        seen.append(stop.value)
    except StopAsyncIteration:
        seen.append("no more")
    return seen


def sent_to():
    delegating = delegates(Numbers())
    next(delegating)
    try:
        delegating.send("sent")
    except StopIteration as stop:
        return stop.value


def main():
    loop = asyncio.new_event_loop()

    def done(value):
        future = loop.create_future()
        future.set_result(value)
        return future.__await__()

    makers = [
        Numbers,
        lambda: Numbers("value"),
        lambda: zip(Numbers(), Numbers(), strict=False),
        lambda: map(str, Numbers()),
        lambda: iter(["item"]),
        lambda: iter(contextvars.Context()),
        lambda: iter(list[int]),
        lambda: ET.Element("name").iter(),
        lambda: delegates("ab"),
        lambda: delegates(Numbers("value")),
        lambda: done(None),
        lambda: done("result"),
        lambda: empty().asend(None),
        lambda: empty().aclose(),
        lambda: anext(empty(), "default"),
        lambda: anext(empty(), None),
        lambda: next(kept).asend(None),
        lambda: anext(next(kept), None),
    ]
    made = [generator() for _ in range(6)]
    kept = iter(made)
    seen = [sent_to()]
    for make in makers:
        seen.append(in_loop(make()))
        seen.append(driven(delegates(make())))
        seen.append(driven(awaits(make())))
    loop.close()
    return seen
