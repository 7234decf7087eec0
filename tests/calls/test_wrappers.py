"""What is true of wrappers alone: 3.11, and what has no code object."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from frametools import log_calls
from frametools.calls.options import options_from
from frametools.calls.wrapping import wrap

pytestmark = pytest.mark.parametrize("backend", ["wrapping"], indirect=True)


def test_a_wrapper_is_one_frame(lines: list[str]) -> None:
    """So recursion goes as deep as with any decorator; also of methods."""

    class Stack:
        @log_calls(sink=lines.append)
        def callers(self) -> list[str]:
            return callers()

    @log_calls(sink=lines.append)
    def callers() -> list[str]:
        names = []
        frame = sys._getframe()
        while frame.f_code.co_name != "test_a_wrapper_is_one_frame":
            names.append(frame.f_code.co_name)
            assert frame.f_back is not None
            frame = frame.f_back
        return names

    assert callers() == ["callers", "logged"]
    assert Stack().callers() == ["callers", "logged"] * 2
    assert lines[2:4] == ["→ Stack.callers()", "  → callers()"]


@pytest.mark.parametrize("durations", [False, True])
def test_the_short_way_writes_the_same(lines: list[str], durations: bool) -> None:
    """As the general way does, but for what was asked for; names are no matter."""

    def f(stack: int, /, key: object, *, call: object = 3, password: str = "") -> int:
        if key is None:
            raise ValueError(stack)
        return stack

    log = options_from({"sink": lines.append, "durations": durations})
    logged: Callable[..., int] = wrap(log, f)
    assert logged(1, "a", password="x") == 1
    with pytest.raises(ValueError, match="5"):
        logged(5, key=None, call=2)
    for wrong in ((), (1,), (1, 2, 3)):
        with pytest.raises(TypeError) as caught:
            logged(*wrong)
        assert caught.value.__context__ is None
    assert [line.partition("  [")[0] for line in lines] == [
        "→ f(1, 'a', call=3, password=<redacted>)",
        "← f(1, 'a', call=3, password=<redacted>) = 1",
        "→ f(5, None, call=2, password=<redacted>)",
        "✗ f(5, None, call=2, password=<redacted>) raised ValueError(5)",
    ]


def test_a_new_default_is_the_functions(lines: list[str]) -> None:
    """What is set after it was wrapped holds for the call."""

    @log_calls(sink=lines.append)
    def f(a: int, b: int = 2) -> int:
        return a + b

    f.__defaults__ = (3,)
    assert f(1) == 4


def test_what_has_ended_has_no_more_lines(lines: list[str]) -> None:
    """Generators that are asked again, or after `close`."""

    @log_calls(sink=lines.append)
    def f() -> Iterator[int]:
        yield 1

    ended, closed = f(), f()
    closed.close()  # type: ignore[attr-defined]
    assert [list(ended), list(ended), list(closed)] == [[1], [], []]
    assert lines.count("← f() = None") == 1
    assert len(lines) == 4
    with pytest.raises(ValueError, match="x"):
        ended.throw(ValueError("x"))  # type: ignore[attr-defined]
    assert len(lines) == 4


def test_what_was_awaited_has_no_more_lines(lines: list[str]) -> None:
    """Coroutines that are awaited again, async generators that are asked again."""

    @log_calls(sink=lines.append)
    async def g() -> int:
        return 1

    @log_calls(sink=lines.append)
    async def h() -> AsyncIterator[int]:
        yield 1

    async def main() -> list[int]:
        coroutine, values = g(), h()
        found = [await coroutine]
        with pytest.raises(RuntimeError, match="already awaited"):
            await coroutine
        for _ in range(2):
            found += [each async for each in values]
        return found

    assert asyncio.run(main()) == [1, 1]
    assert lines == [
        *["→ g()", "← g() = 1"],
        *["→ h()", "⏸ h() yielded 1", "⏵ h()", "← h() = None"],
    ]
