"""What goes through to the program while a line is written, and what does not."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from weakref import ref

import pytest

from frametools.calls import log_calls


def _at(
    mark: str, lines: list[str], what: Callable[[], object]
) -> Callable[[str], None]:
    """Make a sink that does something at the first line with a mark."""
    done: list[str] = []

    def sink(line: str) -> None:
        lines.append(line)
        if mark in line and not done:
            done.append(line)
            what()

    return sink


def _interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("mark", ["→ f(", "← f(", "⏸ g(", "⏵ g(", "✗ h("])
def test_interrupts(lines: list[str], mark: str) -> None:
    """Ctrl-C is the program's, and the depth is right after it."""
    log = log_calls(sink=_at(mark, lines, _interrupt))

    @log
    def f(n: int) -> int:
        return n

    @log
    def g() -> Iterator[int]:
        yield f(1)
        yield f(2)

    @log
    def h() -> None:
        raise ValueError(list(g()))

    with pytest.raises(KeyboardInterrupt):
        h()
    with pytest.raises(ValueError, match="1, 2"):
        h()
    last = [line for line in lines if "h()" in line][-2:]
    assert [line[:4] for line in last] == ["→ h(", "✗ h("]


class Slow:
    """Ctrl-C comes while its repr runs."""

    def __repr__(self) -> str:
        signal.raise_signal(signal.SIGINT)
        return "Slow()"


def test_an_interrupt_in_a_repr(lines: list[str]) -> None:
    """It is the program's too."""

    @log_calls(sink=lines.append)
    def f(value: object) -> None:
        pass

    with pytest.raises(KeyboardInterrupt):
        f(Slow())
    f(1)
    assert lines[-2:] == ["→ f(1)", "← f(1) = None"]


class TimeoutOfTheProgram(Exception):
    """What its signal handler raises."""


def _on_signal(_number: int, _frame: object) -> None:
    raise TimeoutOfTheProgram


def test_what_a_signal_handler_raises(lines: list[str]) -> None:
    """It goes through, and the sink is not blamed for it."""
    before = signal.signal(signal.SIGUSR1, _on_signal)
    try:

        @log_calls(
            sink=_at("→ f(1)", lines, lambda: signal.raise_signal(signal.SIGUSR1))
        )
        def f(n: int) -> int:
            return n

        with pytest.raises(TimeoutOfTheProgram):
            f(1)
        f(2)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert lines[-2:] == ["→ f(2)", "← f(2) = 2"]


def test_errors_of_what_was_given(lines: list[str]) -> None:
    """A question that fails is no answer: the call goes on, unlogged."""

    def fails(*_args: object) -> bool:
        raise ZeroDivisionError

    @log_calls(sink=lines.append, enabled=fails)
    def f() -> int:
        return 1

    assert f() == 1
    assert [line for line in lines if "→" in line] == []


class Value:
    """Something to watch."""


def test_what_is_thrown_is_not_kept(lines: list[str]) -> None:
    """An exception that is thrown into a generator dies with it, without gc."""

    @log_calls(sink=lines.append)
    def g() -> Iterator[int]:
        yield 1

    def throw() -> ref[Value]:
        value = Value()
        generator = g()
        next(generator)
        try:
            generator.throw(KeyError(value))  # type: ignore[attr-defined]
        except KeyError:
            pass
        return ref(value)

    gc.disable()
    try:
        assert throw()() is None
    finally:
        gc.enable()
