"""An asynchronous generator that returns on the GeneratorExit of its end."""

from __future__ import annotations

import sys


async def numbers():
    try:
        yield 1
    except GeneratorExit:
        return


async def first():
    async for number in numbers():
        return number


def drive(awaitable):
    try:
        awaitable.send(None)
    except StopIteration as stop:
        return stop.value


def main():
    ignored = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: ignored.append(type(told.exc_value).__name__)
    found = drive(first())
    generator = numbers()
    drive(generator.__anext__())
    del generator
    sys.unraisablehook = before
    return found, ignored
