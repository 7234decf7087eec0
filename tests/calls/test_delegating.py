"""Generators and coroutines that wait for one another: what is thrown through them.

CPython tells of the innermost one first, or alone; lines have the outermost first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

import pytest

from frametools._python import HAS_MONITORING
from frametools.calls import log_calls

Make = Callable[[], Generator[int, None, object]]


def three(lines: list[str]) -> Make:
    """Make generators: outer, one that is not logged, inner; the first is returned."""

    @log_calls(sink=lines.append)
    def outer() -> Generator[int, None, object]:
        return (yield from between())

    def between() -> Generator[int, None, object]:
        return (yield from inner())

    @log_calls(sink=lines.append)
    def inner() -> Generator[int, None, object]:
        try:
            yield 1
        except KeyError:
            yield 2
        except ValueError:
            return "end"
        return None

    return outer


def begun(lines: list[str]) -> Generator[int, None, object]:
    """Begin them, and forget what was written."""
    generator = three(lines)()
    assert next(generator) == 1
    assert lines == [
        *["→ outer()", "  → inner()"],
        *["  ⏸ inner() yielded 1", "⏸ outer() yielded 1"],
    ]
    lines.clear()
    return generator


def test_what_is_thrown_and_caught(lines: list[str]) -> None:
    """The outer one goes on first, waits when the inner one does, and again so."""
    generator = begun(lines)
    assert generator.throw(KeyError("x")) == 2
    assert lines == [
        "⏵ outer() thrown KeyError('x')",
        "  ⏵ inner() thrown KeyError('x')",
        "  ⏸ inner() yielded 2",
        "⏸ outer() yielded 2",
    ]
    lines.clear()
    with pytest.raises(StopIteration):
        next(generator)
    assert lines == [
        *["⏵ outer()", "  ⏵ inner()"],
        *["  ← inner() = None", "← outer() = None"],
    ]


def test_what_is_thrown_and_leaves(lines: list[str]) -> None:
    """The outer one is told of once, though its own event follows the inner one's."""
    generator = begun(lines)
    with pytest.raises(TypeError):
        generator.throw(TypeError("x"))
    assert lines == [
        "⏵ outer() thrown TypeError('x')",
        "  ⏵ inner() thrown TypeError('x')",
        "  ✗ inner() raised TypeError('x')",
        "✗ outer() raised TypeError('x')",
    ]


def test_what_is_thrown_and_ends_the_inner_one(lines: list[str]) -> None:
    """Its result is the outer one's."""
    generator = begun(lines)
    with pytest.raises(StopIteration):
        generator.throw(ValueError("x"))
    assert lines == [
        "⏵ outer() thrown ValueError('x')",
        "  ⏵ inner() thrown ValueError('x')",
        "  ← inner() = 'end'",
        "← outer() = 'end'",
    ]


def test_close(lines: list[str]) -> None:
    """Also after something was thrown and caught, when no frame is at its SEND."""
    generator = begun(lines)
    generator.throw(KeyError("x"))
    lines.clear()
    generator.close()
    assert lines == [
        "⏵ outer() thrown GeneratorExit()",
        "  ⏵ inner() thrown GeneratorExit()",
        "  ✗ inner() raised GeneratorExit()",
        "✗ outer() raised GeneratorExit()",
    ]


@pytest.mark.skipif(not HAS_MONITORING, reason="wrappers see who is asked")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
def test_the_inner_one_alone(lines: list[str]) -> None:
    """Closed by who holds it, the depth of what comes then is as before."""

    @log_calls(sink=lines.append, suspends=False)
    def inner() -> Generator[int, None, None]:
        try:
            yield 1
        finally:
            pass

    @log_calls(sink=lines.append, suspends=False)
    def outer() -> Generator[int, None, None]:
        yield from held

    held = inner()
    waits = outer()
    next(waits)
    held.close()
    with pytest.raises(StopIteration):
        next(waits)
    assert lines == [
        *["→ outer()", "  → inner()"],
        "  ✗ inner() raised GeneratorExit()",
        "← outer() = None",
    ]


def test_cancelled_tasks(lines: list[str]) -> None:
    """Coroutines, and an async generator among them, are cancelled from without."""

    @log_calls(sink=lines.append)
    async def root() -> None:
        async for _ in ticks():
            pass

    @log_calls(sink=lines.append)
    async def ticks() -> AsyncIterator[int]:
        await leaf()
        yield 1

    @log_calls(sink=lines.append)
    async def leaf() -> None:
        await asyncio.sleep(3600)

    async def main() -> None:
        task = asyncio.create_task(root())
        await asyncio.sleep(0)
        lines.clear()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    error = "CancelledError()"
    assert [line.partition("] ")[2] or line for line in lines] == [
        f"⏵ root() thrown {error}",
        f"  ⏵ ticks() thrown {error}",
        f"    ⏵ leaf() thrown {error}",
        f"    ✗ leaf() raised {error}",
        f"  ✗ ticks() raised {error}",
        f"✗ root() raised {error}",
    ]


def test_one_that_is_not_logged_any_more(lines: list[str]) -> None:
    """Of those that wait only those that are still logged are told of."""

    @log_calls(sink=lines.append)
    def inner() -> Generator[int, None, None]:
        try:
            yield 1
        finally:
            yield 2

    @log_calls(sink=lines.append)
    def outer() -> Generator[int, None, None]:
        yield from inner()

    generator: Any = outer()
    next(generator)
    log_calls.off(outer)
    lines.clear()
    assert generator.throw(KeyError("x")) == 2
    assert "inner() thrown KeyError('x')" in "".join(lines)
    generator.close()
