"""Wrong arguments are refused in one clear sentence."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest

from frametools import retention

if TYPE_CHECKING:
    from collections.abc import Callable


class Silent:
    """Has a `repr` that must not run."""

    def __repr__(self) -> str:
        raise AssertionError

    __eq__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def options() -> list[tuple[dict[str, Any], type[Exception], str]]:
    """Return wrong options of `live`, and what is said of each."""
    asked = "ignore is a function that is asked about each frame and generator"
    bound = "budget is a number of objects, or None for no bound"
    return [
        ({"min_size": "x"}, ValueError, "'x' is no size: one such as 512 KiB,"),
        ({"min_size": -1}, ValueError, "'-1' is no size"),
        ({"min_size": None}, ValueError, "'None' is no size"),
        ({"min_size": Silent()}, ValueError, "'<Silent>' is no size"),
        ({"cycles": "no"}, TypeError, "cycles is True or False, not str"),
        ({"threads": 5}, ValueError, 'threads is "current" or "all", not int'),
        ({"threads": Silent()}, ValueError, 'is "current" or "all", not Silent'),
        ({"threads": "main"}, ValueError, "not 'main'"),
        ({"ignore": 5}, TypeError, f"{asked}, not int"),
        ({"budget": "many"}, TypeError, f"{bound}, not str"),
        ({"budget": True}, TypeError, f"{bound}, not bool"),
        ({"budget": -5}, ValueError, "budget is 0 objects or more, not -5"),
    ]


def refused(function: Callable[[], object], kind: type[Exception]) -> str:
    """Return what is said, one line, and let the exception go."""
    try:
        function()
    except kind as error:
        text = str(error)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(("wrong", "kind", "said"), options())
def test_options(wrong: dict[str, Any], kind: type[Exception], said: str) -> None:
    """Of `live`, `watch` and `diff` alike, before anything is looked at."""
    moment = retention.snapshot()
    callbacks = len(gc.callbacks)
    calls: list[Callable[[], object]] = [lambda: retention.live(**wrong)]
    if wrong.keys() <= {"min_size", "cycles", "threads"}:
        calls.append(lambda: retention.watch(**wrong))
        calls.append(lambda: retention.diff(moment, **wrong))
    for call in calls:
        assert said in refused(call, kind)
    assert len(gc.callbacks) == callbacks
    assert retention.diff(moment) == []


def test_clock() -> None:
    """The gauge's clock is a function, on versions without a gauge as well."""
    clock: Any = 5
    said = refused(lambda: retention.track_unwinding(clock), TypeError)
    assert said == "clock is a function that gives seconds, not int"


@pytest.mark.parametrize("wrong", [5, None, [], Silent(), Silent])
def test_no_leak_and_no_snapshot(wrong: Any) -> None:
    """`release` takes a leak, `diff` a snapshot."""
    moment = retention.snapshot()
    name = type(wrong).__name__
    said = refused(lambda: retention.release(wrong), TypeError)
    assert said == f"release takes a Leak, one of those that were found, not {name}"
    said = refused(lambda: retention.diff(wrong), TypeError)
    assert said == f"diff compares with what snapshot() has returned, not {name}"
    assert retention.diff(moment) == []
