"""What a signal handler raises while a `__repr__` runs is the program's."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import EnhancedError, enhanced_traceback
from frametools.tracebacks.fields import context
from tests.tracebacks.programs import Thing, failure, let_go, program, raised


class Late(Exception):
    """The program's time is up."""


class Slow(Thing):
    """While it is asked for its text, a signal comes."""

    def __repr__(self) -> str:
        signal.raise_signal(signal.SIGUSR1)
        return "Slow()"


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Let the signal raise; in the end all is as before."""

    def late(*_: object) -> None:
        raise Late

    before = signal.signal(signal.SIGUSR1, late)
    yield
    signal.signal(signal.SIGUSR1, before)


FAILS = """
    def main():
        slow = Slow()
        many = [{"slow": slow}]
        1 / 0
"""


def hook(exc: BaseException) -> None:
    """Show it as what nobody caught."""
    with tracebacks.install():
        sys.excepthook(type(exc), exc, exc.__traceback__)


def log(exc: BaseException) -> None:
    """Show it in a log."""
    record = logging.LogRecord("x", 40, "", 1, "m", (), (type(exc), exc, None))
    record.exc_info = type(exc), exc, exc.__traceback__
    tracebacks.Formatter().format(record)


@pytest.mark.parametrize(
    "show", [tracebacks.format, tracebacks.to_dict, tracebacks.capture, hook, log]
)
def test_it_goes_through_what_shows_an_exception(show: Any) -> None:
    """As it would without us."""
    exc = failure(FAILS, Slow=Slow)
    with pytest.raises(Late) as caught:
        show(exc)
    caught.value.__traceback__ = None
    del caught


@pytest.mark.parametrize("raise_from", [None, EnhancedError])
def test_it_leaves_a_block_and_a_function(raise_from: Any) -> None:
    """The error that was to be annotated is its context."""
    block = enhanced_traceback(raise_from=raise_from, callers=False)
    main = program(FAILS, Slow=Slow)["main"]

    def inside() -> None:
        with block:
            main()

    for function in (block(main), inside):
        exc = raised(function)
        assert type(exc) is Late
        assert type(context(exc)) is ZeroDivisionError
        del exc
        let_go()


def test_a_keyboard_interrupt_is_the_users() -> None:
    """Whatever raised it; other errors of a `__repr__` are shown in its place."""

    class Stops(Thing):
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    exc = failure(FAILS, Slow=Stops)
    with pytest.raises(KeyboardInterrupt) as caught:
        tracebacks.format(exc)
    caught.value.__traceback__ = None
    del caught
