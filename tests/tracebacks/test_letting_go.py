"""Once an error of a wrapped function is caught its arguments die, uncollected."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from frametools.tracebacks import EnhancedError, enhanced_traceback

OPTIONS: dict[str, dict[str, Any]] = {
    "note": {},
    "no callers": {"callers": False},
    "raise_from": {"raise_from": EnhancedError},
}


class Thing:
    """An argument."""


def _plain(_thing: Thing) -> None:
    raise KeyError("plain")


async def _coroutine(_thing: Thing) -> None:
    raise KeyError("coroutine")


def _generator(_thing: Thing) -> Any:
    yield 1
    raise KeyError("generator")


async def _async_generator(_thing: Thing) -> Any:
    yield 1
    raise KeyError("async generator")


async def _awaits(function: Any, thing: Thing) -> None:
    await function(thing)


async def _loops(function: Any, thing: Thing) -> None:
    async for _ in function(thing):
        pass


def _run(function: Any, thing: Thing, through: Any) -> None:
    through(function, thing).send(None)


RUNS: dict[str, tuple[Any, Callable[[Any, Thing], Any]]] = {
    "function": (_plain, lambda f, thing: f(thing)),
    "coroutine": (_coroutine, lambda f, thing: _run(f, thing, _awaits)),
    "generator": (_generator, lambda f, thing: list(f(thing))),
    "async generator": (_async_generator, lambda f, thing: _run(f, thing, _loops)),
}


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("choice", OPTIONS)
def test_arguments_die(kind: str, choice: str) -> None:
    """The frame of the wrapper has no error, which has that frame as a caller."""
    function, call = RUNS[kind]
    wrapped = enhanced_traceback(**OPTIONS[choice])(function)

    def catches(thing: Thing) -> None:
        with pytest.raises((KeyError, EnhancedError)):
            call(wrapped, thing)

    gc.collect()
    gc.disable()
    try:
        thing = Thing()
        known = weakref.ref(thing)
        catches(thing)
        del thing
        assert known() is None
    finally:
        gc.enable()
