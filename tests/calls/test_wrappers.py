"""What is true of wrappers alone: 3.11, and what has no code object."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from frametools import log_calls
from frametools.calls import wrapping
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

    at_first = ["callers", "logged", "at_first"]
    assert [callers(), Stack().callers()] == [
        at_first,
        ["callers", "logged", *at_first],
    ]
    lines.clear()
    assert callers() == ["callers", "logged"]
    assert Stack().callers() == ["callers", "logged"] * 2
    assert lines[2:4] == ["→ Stack.callers()", "  → callers()"]


def test_what_is_generated(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing for a function that is not called; else what it is called by, once."""
    made = []
    for name in ("quick_call", "quick_wrapper"):
        original = getattr(wrapping, name)

        def generate(
            *args: Any, name: str = name, original: Callable[..., Any] = original
        ) -> Any:
            made.append(name)
            return original(*args)

        monkeypatch.setattr(wrapping, name, generate)

    class C:
        @log_calls(sink=lines.append)
        def f(self) -> None:
            pass

        @staticmethod
        @log_calls(sink=lines.append)
        def g() -> None:
            pass

    f = C().f
    assert made == []
    f(), f(), C().f(), C.f(C())
    assert made == ["quick_wrapper"]
    C.g(), C().g()
    assert made == ["quick_wrapper", "quick_call"]
    assert lines[::2] == ["→ C.f()"] * 4 + ["→ C.g()"] * 2


def test_a_generator_that_fails(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room to generate, the call is made, and the next one logged."""

    @log_calls(sink=lines.append)
    def f() -> int:
        return 1

    with monkeypatch.context() as patched:
        patched.delattr(wrapping, "quick_call")
        assert f() == 1
    assert lines == []
    assert f() == 1
    assert lines == ["→ f()", "← f() = 1"]


def test_another_function_within(lines: list[str]) -> None:
    """`__wrapped__` may be set, before the first call and after it, as wrapt has it."""

    def other(n: int) -> int:
        return -n

    for is_called in (False, True):

        @log_calls(sink=lines.append)
        def f(n: int) -> int:
            return n

        if is_called:
            assert f(0) == 0
        f.__wrapped__ = other  # type: ignore[attr-defined]
        lines.clear()
        assert f(2) == -2
        assert lines == ["→ f(2)", "← f(2) = -2"]


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
