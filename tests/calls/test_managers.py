"""Context managers made of generators, and decorators that ask a generator it all."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from frametools import log_calls

ENTERED = ["→ opened('a')", "⏸ opened('a') yielded 1", "⏵ opened('a')"]


@pytest.fixture
def logged(lines: list[str]) -> Callable[[Any], Any]:
    """Give a decorator that logs to the list."""
    return log_calls(sink=lines.append)


def test_a_context_manager(lines: list[str], logged: Callable[[Any], Any]) -> None:
    """The generator begins with the block, waits, and ends with it."""

    @logged
    @contextmanager
    def opened(name: str) -> Iterator[int]:
        yield 1

    with opened("a") as value:
        assert value == 1
        assert lines == ENTERED[:2]
    assert lines == [*ENTERED, "← opened('a') = None"]


def test_an_error_in_the_block(lines: list[str], logged: Callable[[Any], Any]) -> None:
    """It is thrown in, and leaves the generator or not; so does the program see it."""

    @logged
    @contextmanager
    def opened(name: str) -> Iterator[int]:
        try:
            yield 1
        except KeyError:
            pass

    with opened("a"):
        raise KeyError(2)
    thrown = f"{ENTERED[2]} thrown"
    assert lines[2:] == [f"{thrown} KeyError(2)", "← opened('a') = None"]
    lines.clear()
    error = ValueError(3)
    with pytest.raises(ValueError, match="3") as caught, opened("a"):
        raise error
    assert caught.value is error
    assert lines[2:] == [
        f"{thrown} ValueError(3)",
        "✗ opened('a') raised ValueError(3)",
    ]


def test_a_context_manager_that_decorates(
    lines: list[str], logged: Callable[[Any], Any]
) -> None:
    """It makes a new generator for each call."""

    @logged
    @contextmanager
    def opened(name: str) -> Iterator[int]:
        yield 1

    @opened("a")
    def f() -> int:
        return 2

    assert f() + f() == 4
    assert lines == [*ENTERED, "← opened('a') = None"] * 2


def test_an_async_context_manager(
    lines: list[str], logged: Callable[[Any], Any]
) -> None:
    """So does the async one."""

    @logged
    @asynccontextmanager
    async def opened(name: str) -> AsyncIterator[int]:
        yield 1

    async def main() -> None:
        async with opened("a") as value:
            assert value == 1

    asyncio.run(main())
    assert lines == [*ENTERED, "← opened('a') = None"]


def test_what_runs_a_coroutine_itself(
    lines: list[str], logged: Callable[[Any], Any]
) -> None:
    """A decorator that returns the result: it stays as it is, and is logged."""

    def runs(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any) -> Any:
            return asyncio.run(function(*args))

        return run

    @logged
    @runs
    async def f(n: int) -> int:
        return n

    assert type(f(3)) is int
    assert lines == ["→ f(3)", "← f(3) = 3"]
