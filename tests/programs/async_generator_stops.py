"""StopIteration and StopAsyncIteration inside async generators and awaits."""

from __future__ import annotations


async def numbers(error):
    yield 1
    raise error


async def collect(agen):
    seen = []
    try:
        async for x in agen:
            seen.append(x)
    except RuntimeError as error:
        seen += [str(error), type(error.__cause__).__name__]
    return seen


async def nexts():
    agen = numbers(ValueError("v"))
    seen = [await anext(agen)]
    try:
        await anext(agen)
    except ValueError as error:
        seen.append(str(error))
    seen.append(await anext(agen, "default"))
    return seen


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def main():
    return (
        run(collect(numbers(StopIteration()))),
        run(collect(numbers(StopAsyncIteration()))),
        run(nexts()),
    )
