"""What a generator is sent stands in the line that says it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest

from frametools.calls import log_calls


def _resumes(lines: list[str]) -> list[str]:
    return [line for line in lines if "⏵" in line]


def test_a_generator(lines: list[str]) -> None:
    """None is not told: `next` sends it."""

    @log_calls(sink=lines.append)
    def echo() -> Generator[Any, Any, None]:
        got = None
        while True:
            got = yield got

    generator = echo()
    for value in (None, None, 1, "two", [3]):
        generator.send(value)
    told = ["", " sent 1", " sent 'two'", " sent [3]"]
    assert _resumes(lines) == [f"⏵ echo(){each}" for each in told]


def test_while_exceptions_are_handled(lines: list[str]) -> None:
    """By the generator, by its caller, by both; and the exception itself is sent."""

    @log_calls(sink=lines.append)
    def handles() -> Generator[None, Any, None]:
        yield
        try:
            raise KeyError
        except KeyError:
            yield
            yield
        yield

    generator = handles()
    next(generator)
    generator.send("before")
    generator.send("within")
    try:
        raise ValueError("outer")
    except ValueError as error:
        generator.send(error)
        with pytest.raises(StopIteration):
            generator.send("after")
    told = ["'before'", "'within'", "ValueError('outer')", "'after'"]
    assert _resumes(lines) == [f"⏵ handles() sent {each}" for each in told]


def test_through_another(lines: list[str]) -> None:
    """Each is told of what it was given."""
    log = log_calls(sink=lines.append)

    @log
    def inner() -> Generator[None, Any, Any]:
        return (yield)

    @log
    def outer() -> Generator[None, Any, None]:
        yield from inner()
        yield

    generator = outer()
    next(generator)
    generator.send(4)
    assert _resumes(lines) == ["⏵ outer() sent 4", "  ⏵ inner() sent 4"]


def test_an_async_generator(lines: list[str]) -> None:
    """What an await gives is not sent; nor is anything to a coroutine."""
    log = log_calls(sink=lines.append)

    @log
    async def echo() -> AsyncGenerator[Any, Any]:
        got = yield 1
        await asyncio.sleep(0)
        yield got

    @log
    async def waits() -> None:
        await asyncio.sleep(0)

    async def main() -> None:
        generator = echo()
        await generator.asend(None)
        assert await generator.asend("x") == "x"
        await waits()

    asyncio.run(main())
    told = [line.partition("⏵ ")[2] for line in _resumes(lines)]
    assert told[:3] == ["echo() sent 'x'", "echo()", "waits()"]


def test_secrets_and_results(lines: list[str]) -> None:
    """It is hidden as what is yielded is, and left out with it."""

    @log_calls(sink=lines.append)
    def get_token() -> Generator[None, Any, None]:
        yield

    @log_calls(sink=lines.append, result=False)
    def silent() -> Generator[None, Any, None]:
        yield

    for function in (get_token, silent):
        generator = function()
        next(generator)
        with pytest.raises(StopIteration):
            generator.send("hunter2")
    assert _resumes(lines) == ["⏵ get_token() sent <redacted>", "⏵ silent()"]
