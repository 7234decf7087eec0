"""What says how to go on is no error, and what makes none changes nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from frametools.tracebacks import EnhancedError, enhanced_traceback
from frametools.tracebacks.fields import attributes, cause
from tests.tracebacks.programs import files, note, raised, seed

GOING_ON = [
    SystemExit,
    GeneratorExit,
    asyncio.CancelledError,
    StopIteration,
    StopAsyncIteration,
]


@pytest.mark.parametrize("error", GOING_ON)
@pytest.mark.parametrize("raise_from", [None, EnhancedError])
def test_what_is_no_failure_is_left_alone(
    error: type[BaseException], raise_from: Any
) -> None:
    """They say how to go on."""
    with pytest.raises(error) as caught, enhanced_traceback(raise_from=raise_from):
        raise error
    assert "__notes__" not in vars(caught.value)


def test_an_iterator_ends() -> None:
    """The StopIteration of a decorated `__next__` is what a loop waits for."""

    class Once:
        def __iter__(self) -> Once:
            return self

        @enhanced_traceback(raise_from=EnhancedError)
        def __next__(self) -> int:
            raise StopIteration

    assert list(Once()) == []


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), BaseExceptionGroup("g", [KeyboardInterrupt()])]
)
def test_what_is_no_exception_is_not_raised_from(error: BaseException) -> None:
    """`except Exception` does not stop Ctrl-C: it gets a note."""

    @enhanced_traceback(raise_from=EnhancedError)
    def main() -> None:
        raise error

    assert raised(main) is error
    assert ".main (" in note(error)


def test_a_group_of_exceptions_is_raised_from() -> None:
    """It is an Exception."""
    with pytest.raises(EnhancedError), enhanced_traceback(raise_from=EnhancedError):
        raise BaseExceptionGroup("g", [ValueError()])


def fails(_: str) -> Any:
    """Make no error."""
    raise ValueError


MADE: dict[str, Any] = {
    "none": lambda _: None,
    "a class": lambda _: ValueError,
    "an object": lambda _: SimpleNamespace(),
    "fails": fails,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_if_no_error_is_made_the_exception_goes_on(make: Any) -> None:
    """In blocks and functions."""
    exc = seed(raise_from=make)
    assert type(exc) is ValueError
    assert str(exc).startswith("invalid literal")
    assert files(exc) == ["main", "parse_number"]

    @enhanced_traceback(raise_from=make)
    def main() -> None:
        raise KeyError

    assert type(raised(main)) is KeyError


class Hostile(Exception):
    """Nothing of it can be had."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise ZeroDivisionError("__class__")

    def __getattribute__(self, name: str) -> Any:
        raise KeyboardInterrupt(name)

    def __setattr__(self, name: str, value: object) -> None:
        raise KeyboardInterrupt(name)

    def add_note(self, _: str) -> None:
        """Do nothing good."""
        raise KeyboardInterrupt("add_note")


@pytest.mark.parametrize("kind", ["block", "function", "generator", "async_generator"])
@pytest.mark.parametrize("raise_from", [None, EnhancedError, lambda _: Hostile("m")])
def test_the_class_of_an_exception_is_not_asked(kind: str, raise_from: Any) -> None:
    """Its `__class__`, `__getattribute__`, `__setattr__` and `add_note` do not run."""
    enhanced = enhanced_traceback(raise_from=raise_from)

    def block() -> None:
        with enhanced:
            raise Hostile("first")

    @enhanced
    def function() -> None:
        raise Hostile("first")

    @enhanced
    def generator() -> Any:
        yield 1
        raise Hostile("first")

    @enhanced
    async def async_generator() -> Any:
        yield 1
        raise Hostile("first")

    async def drain() -> None:
        async for _ in async_generator():
            pass

    calls = {
        "block": block,
        "function": function,
        "generator": lambda: list(generator()),
        "async_generator": lambda: drain().send(None),
    }
    exc = raised(calls[kind])
    if raise_from is None:
        assert type(exc) is Hostile
        (text,) = attributes(exc)["__notes__"]
        assert f".{kind} (" in text
    else:
        assert type(exc) is type(raise_from(""))
        assert type(cause(exc)) is Hostile
        assert cause(exc) is not exc
