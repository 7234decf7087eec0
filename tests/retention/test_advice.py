"""The advice of a report is carried out, for each situation: it must help."""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from contextvars import copy_context
from typing import Any

import pytest

from frametools import retention
from frametools.retention.leaks import Holder, KeptFrame, Kind, Leak, Through
from frametools.retention.report.advice import advice

SITUATIONS = {
    "saved_exception": "exc.with_traceback(None), or del app.saved['error']",
    "class_attribute": "exc.with_traceback(None), or app.Service.last_error = None",
    "instance_attribute": "exc.with_traceback(None), or app.service.error = None",
    "list_of_an_instance": "exc.with_traceback(None), or del app.service.errors[0]",
    "saved_frame": "frame.clear(), or del app.saved['frame']",
    "suspended_generator": (
        "app.saved['generator'].close(), or del app.saved['generator']"
    ),
    "log_record": "app.handler.records[0].exc_info = None",
    "future": "exc.with_traceback(None), or del app.saved['future']",
    "task": "await the task and let go of the exception, or del app.saved['task']",
    "lru_cache": "exc.with_traceback(None), or app.cached.cache_clear()",
    "context_variable": (
        "exc.with_traceback(None), or reset(token) or set(None) of ContextVar "
        "'variable'"
    ),
    "thread_local": (
        "exc.with_traceback(None), or del app.per_thread.error in that thread"
    ),
    "exception_group": (
        "with_traceback(None) on each of exc.exceptions, or del app.saved['group']"
    ),
    "context_chain": (
        "exc.__cause__ = exc.__context__ = None (`from None` only hides them), or "
        "raise after the except block, or del app.saved['error']"
    ),
    "caller": (
        "exc.with_traceback(None), or del app.saved['error']; clear_frames() does not "
        "reach the callers"
    ),
    "suspended_coroutine": (
        "app.saved['coroutine'].close(), or await it, or del app.saved['coroutine']"
    ),
    "suspended_async_generator": (
        "await app.saved['generator'].aclose(), or del app.saved['generator']"
    ),
    "handling_generator": (
        "app.saved['generator'].close(), or del app.saved['generator']"
    ),
    "growing": (
        "raise RuntimeError(...) anew each time, or raise "
        "app.THE_SAME.with_traceback(None)"
    ),
    "argument_of_a_partial": "exc.with_traceback(None), or del app.saved['partial']",
    "bound_method": "exc.with_traceback(None), or del app.saved['method']",
    "default_of_a_function": "exc.with_traceback(None), or del app.saved['function']",
}
PYTHON = {
    "reset(token) or set(None) of ContextVar 'variable'": "app.variable.set(None)",
    "with_traceback(None) on each of exc.exceptions": (
        "[inner.with_traceback(None) for inner in exc.exceptions[1].exceptions]"
    ),
    "del app.per_thread.error in that thread": "del app.per_thread.error",
    "await the task and let go of the exception": "await_task(app.saved['task'])",
    "del app.saved['task']": "drop_task(app.saved)",
    "raise app.THE_SAME.with_traceback(None)": "app.THE_SAME.with_traceback(None)",
    "await app.saved['generator'].aclose()": "aclose(app.saved['generator'])",
    "exc.__cause__ = exc.__context__ = None (`from None` only hides them)": (
        "exc.__cause__ = exc.__context__ = None"
    ),
}
"""What prose says, as statements."""
NOT_NOW = (
    "raise RuntimeError(...) anew each time",
    "raise after the except block",
    "await it",
)
"""What is to be done beforehand, or by the program."""


def await_task(task: asyncio.Task[Any]) -> None:
    """Ask for the result, as `await` does, and let go of the exception."""
    try:
        task.result()
    except RuntimeError as error:
        error.with_traceback(None)


def drop_task(saved: dict[str, Any]) -> None:
    """Drop a task; one that was not asked would be logged, and caplog keep that."""
    assert saved.pop("task").exception() is not None


def aclose(generator: Any) -> None:
    """Run `aclose()` without a loop."""
    with pytest.raises(StopIteration):
        generator.aclose().send(None)


def held_by(app: Any) -> Any:
    """Return what is held, wherever that is."""
    places = [
        app.saved.get("error"),
        app.saved.get("group"),
        app.saved.get("frame"),
        app.Service.last_error,
        app.service.__dict__.get("error"),
        *app.service.errors,
        app.variable.get(None),
        app.per_thread.__dict__.get("error"),
        "future" in app.saved and app.saved["future"].exception(),
        app.cached.cache_info().currsize and app.cached(1),
        "partial" in app.saved and app.saved["partial"].args[0],
        "method" in app.saved and app.saved["method"].__self__,
        "function" in app.saved and app.saved["function"].__defaults__[0],
    ]
    return next((place for place in places if place), None)


def ways(situation: str) -> list[str]:
    """Split a piece of advice into its ways that can be carried out now."""
    text = SITUATIONS[situation].partition("; ")[0]
    return [PYTHON.get(way, way) for way in text.split(", or ") if way not in NOT_NOW]


CASES = [(name, number) for name in SITUATIONS for number in range(len(ways(name)))]


@pytest.mark.parametrize(("situation", "number"), CASES)
def test_it_helps(app: Any, situation: str, number: int) -> None:
    """Each way that a report names frees the memory, on its own."""
    before = retention.snapshot()
    copy_context().run(check, app, situation, ways(situation)[number])
    app.let_go()
    assert retention.diff(before) == []


def check(app: Any, situation: str, way: str) -> None:
    """Get the advice for a situation and follow one way of it."""
    with retention.watch(min_size="1 MiB", threads="all") as watch:
        getattr(app, situation)()
        (leak,) = watch.leaks
        assert advice(leak) == SITUATIONS[situation]
        names = {"app": app, "await_task": await_task, "aclose": aclose}
        names["drop_task"] = drop_task
        names["exc"] = names["frame"] = held_by(app)
        assert "exc." not in way or names["exc"] is not None
        exec(way, names)
        del names, leak
    assert watch.leaks == []


def test_clear_frames_is_not_advised_for_callers(app: Any) -> None:
    """`clear_frames` leaves what a caller keeps, as is said: it is measured here."""
    with retention.watch(min_size="1 MiB") as watch:
        app.caller()
        traceback.clear_frames(app.saved["error"].__traceback__)
        (leak,) = watch.leaks
        assert advice(leak).endswith("; clear_frames() does not reach the callers")
        app.saved["error"].with_traceback(None)
    assert watch.leaks == []


def test_from_none_does_not_help(app: Any) -> None:
    """`raise ... from None` keeps `__context__`, as is said."""
    with retention.watch(min_size="1 MiB") as watch:
        try:
            try:
                app.load_big()
            except RuntimeError:
                raise ValueError from None
        except ValueError as error:
            app.saved["error"] = error
    (leak,) = watch.leaks
    assert advice(leak).startswith("exc.__cause__ = exc.__context__ = None")


def test_last_exception(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three of sys.last_... go: the interpreter sets them together."""
    for name in ("last_exc", "last_value", "last_traceback"):
        monkeypatch.setattr(sys, name, None, raising=False)
    with retention.watch(min_size="1 MiB") as watch:
        sys.last_value = app.failed()  # not by monkeypatch, which keeps what was there
        (leak,) = watch.leaks
        sys.last_value = None
    assert watch.leaks == []
    assert re.fullmatch(
        r"del (sys.last_exc, )?sys.last_value, sys.last_traceback", advice(leak)
    )


def test_a_cycle_names_its_variable() -> None:
    """The variable that has the exception is named if it is known."""
    frame = KeptFrame("f", "app.py", 1, Through.TRACEBACK, 300, ())
    leak = Leak(Kind.CYCLE, "KeyError", ("__traceback__", "tb_frame"), (frame,), 300)
    assert "that has the KeyError" in advice(leak)


def made(*holders: Holder, head: str = "KeyError", count: int = 1) -> str:
    """Give the advice for a leak with some holders."""
    through = Through.GENERATOR if head == "coroutine" else Through.TRACEBACK
    frame = KeptFrame("f", "app.py", 1, through, 300, ())
    kind = Kind.SUSPENDED if head == "coroutine" else Kind.RETAINED
    chain = () if head == "coroutine" else ("__traceback__", "tb_frame")
    return advice(Leak(kind, head, chain, (frame,), 300, False, count, holders))


HOLDERS = [
    (("app.errors[3]", "module global"), 5, "app.errors.clear()"),
    (("app.jobs[3].error", "instance attribute of app.Job"), 5, "[...].error = None"),
    (("app.f.__closure__[0].cell_contents", "closure of function f"), 1, "del app.f"),
    (("err in f (app.py:3)", "local of a running frame"), 1, "del err in f"),
    (("sys.exception()", "the exception being handled"), 1, "leave the except block"),
    (("signal.getsignal(12).error", "signal handler"), 1, "signal.signal(12, "),
    (("ContextVar 'x'.e", "instance attribute of a.B"), 1, "ContextVar 'x'.e"),
    (("app.x['a very long ke...']", "module global"), 1, "retention.release(leak)"),
    (("<set>(?)", "module global"), 1, "retention.release(leak)"),
]


@pytest.mark.parametrize(("holder", "count", "expected"), HOLDERS)
def test_holders(holder: tuple[str, str], count: int, expected: str) -> None:
    """What holds is let go in its own way; what has no name, by `release`."""
    assert expected in made(Holder(*holder), count=count)


def test_several_holders() -> None:
    """Several must let go together, and none can be left out."""
    first, second = Holder("app.a", "module global"), Holder("app.b", "module global")
    assert made(first, second) == "all of: del app.a, del app.b"


def test_a_task_that_waits() -> None:
    """A coroutine ends with its task."""
    task = Holder("app.task._coro", "asyncio task 'Task-1'")
    expected = "await the task, or task.cancel() and await it"
    assert made(task, head="coroutine") == expected


def test_a_tuple_cannot_lose_an_item(app: Any) -> None:
    """What has the tuple is deleted, as `del` and `clear` do not work on it."""
    before = retention.snapshot()
    app.saved["pairs"] = [("first", app.small_error())]
    (leak,) = retention.diff(before)
    assert leak.holders[0].path == "app.saved['pairs'][0][1]"
    drop = "del app.saved['pairs'][0]"
    assert advice(leak).startswith(f"{drop};")
    exec(drop, {"app": app})
    assert retention.diff(before) == []
