"""Each situation in which frames are kept: its holder, its local, its size."""

from __future__ import annotations

import gc
import sys
from contextvars import copy_context
from typing import Any, NamedTuple

import pytest

from frametools import retention
from frametools.retention.leaks import Kind


class Case(NamedTuple):
    """What is to be found."""

    situation: str
    holder: str
    """Path of the holder; "..." is anything."""
    holder_kind: str
    kind: Kind = Kind.RETAINED
    function: str = "load_big"
    head: str = "RuntimeError"
    size: float = 5.0
    """MiB."""


K = Kind
NO_HOLDER = "no holder Python can see: 1 reference from C"
CASES = [
    Case("saved_exception", "app.saved['error']", "module global"),
    Case("class_attribute", "app.Service.last_error", "class attribute of app.Service"),
    Case(
        "instance_attribute", "app.service.error", "instance attribute of app.Service"
    ),
    Case(
        "list_of_an_instance",
        "app.service.errors[0]",
        "instance attribute of app.Service",
    ),
    Case(
        "saved_frame",
        "app.saved['frame']",
        "module global",
        function="saved_frame",
        head="frame",
    ),
    Case(
        "suspended_generator",
        "app.saved['generator']",
        "module global",
        K.SUSPENDED,
        "numbers",
        "generator",
    ),
    Case("log_record", "app.handler.records[0].exc_info[1]", "log record"),
    Case("future", "app.saved['future']._exception", "concurrent future"),
    Case("task", "app.saved['task']._exception", "asyncio task 'Task-..."),
    Case("lru_cache", "app.cached...", "lru_cache of app.cached"),
    Case("last_exception", "sys.last_...", "sys.last_..."),
    Case("context_variable", "ContextVar 'variable'", "context variable"),
    Case("thread_local", "app.per_thread.error", "threading.local"),
    Case(
        "exception_group", "app.saved['group']", "module global", head="ExceptionGroup"
    ),
    Case("context_chain", "app.saved['error']", "module global", head="ValueError"),
    Case("caller", "app.saved['error']", "module global", function="caller"),
    Case(
        "caller_after_clear_frames",
        "app.saved['error']",
        "module global",
        function="caller",
    ),
    Case(
        "suspended_coroutine",
        "app.saved['coroutine']",
        "module global",
        K.SUSPENDED,
        "suspended_coroutine.<locals>.wait",
        "coroutine",
    ),
    Case(
        "suspended_async_generator",
        "app.saved['generator']",
        "module global",
        K.SUSPENDED,
        "suspended_async_generator.<locals>.generate",
        "async_generator",
    ),
    Case(
        "handling_generator",
        "app.saved['generator']",
        "module global",
        K.SUSPENDED,
        "load_big",
        "generator",
    ),
    Case("other_thread", "kept in other_thread.<locals>.wait ...", "local of a ..."),
    Case(
        "growing",
        "app.THE_SAME",
        "module global",
        K.GROWING,
        "raise_the_same",
        size=20.0,
    ),
    Case("argument_of_a_partial", "app.saved['partial']...", "module global"),
    Case("bound_method", "app.saved['method'].__self__", "module global"),
    Case(
        "default_of_a_function",
        "app.saved['function'].__defaults__[0]",
        "attribute of function default_of_a_function.<locals>.<lambda>",
    ),
]


def matches(text: str, pattern: str) -> bool:
    """Compare text with a pattern in which "..." is anything."""
    begin, dots, end = pattern.partition("...")
    if not dots:
        return text == pattern
    return text.startswith(begin) and text.endswith(end)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_holder(app: Any, case: Case) -> None:
    """The frame, its local, its size and the one that holds it are named."""
    before = retention.snapshot()
    undo = copy_context().run(check, app, case)
    if undo is not None:
        undo()
    app.let_go()
    assert retention.diff(before) == []


def check(app: Any, case: Case) -> Any:
    """Run a situation under watch; returns what undoes it."""
    with retention.watch(min_size="1 MiB", threads="all") as watch:
        undo = getattr(app, case.situation)()
    (leak,) = watch.leaks
    assert (leak.kind, leak.head) == (case.kind, case.head)
    assert leak.frame.function == case.function
    assert leak.chain[-1] == "data"
    assert leak.frame.locals[0][:2] == ("data", "bytearray")
    assert leak.size / 2**20 == pytest.approx(case.size, rel=0.01)
    (holder, *_) = leak.holders
    assert matches(holder.path, case.holder), leak.holders
    assert matches(holder.kind, case.holder_kind), leak.holders
    assert leak.hidden == 0
    return undo


def test_atexit(app: Any) -> None:
    """What atexit has is told by what Python sees of it."""
    before = retention.snapshot()
    with retention.watch(min_size="1 MiB") as watch:
        undo = app.atexit_callback()
    (leak,) = watch.leaks
    undo()
    (holder,) = leak.holders
    assert holder.path in ("<tuple>[0]", "<list>[0][1][0]"), holder
    assert "atexit callback" in holder.kind
    assert leak.size / 2**20 == pytest.approx(5.0, rel=0.01)
    assert retention.diff(before) == []


def test_object_array(app: Any) -> None:
    """An array of objects, which the collector cannot look into, is C's."""
    pytest.importorskip("numpy")
    before = retention.snapshot()
    with retention.watch(min_size="1 MiB") as watch:
        app.object_array()
    (leak,) = watch.leaks
    assert leak.hidden == 1
    assert leak.size / 2**20 == pytest.approx(5.0, rel=0.01)
    assert retention.release(leak) == 1
    assert retention.diff(before) == []


@pytest.mark.parametrize("situation", ["closure", "running_local_is_silent", "cycle"])
def test_silent(app: Any, situation: str) -> None:
    """What keeps no frame, or only until the next collection, is no leak."""
    before = retention.snapshot()
    with retention.watch() as watch:
        getattr(app, situation)()
    assert watch.leaks == []
    app.let_go()
    assert retention.diff(before) == []


def test_cycle(app: Any) -> None:
    """Garbage is told apart, and measured, if asked for."""
    before = retention.snapshot()
    with retention.watch(min_size="1 MiB", cycles=True) as watch:
        app.cycle()
    (leak,) = watch.leaks
    assert (leak.kind, leak.head, leak.holders) == (Kind.CYCLE, "RuntimeError", ())
    assert leak.size / 2**20 == pytest.approx(5.0, rel=0.01)
    gc.collect()
    assert retention.diff(before, cycles=True) == []


def test_handled_exception(app: Any) -> None:
    """The exception being handled holds its frames; so does its variable."""
    with retention.watch(min_size="1 MiB") as watch:
        try:
            app.load_big()
        except RuntimeError:
            (leak,) = watch.leaks
    assert [holder.kind for holder in leak.holders] == ["the exception being handled"]
    assert watch.leaks == []
    assert sys.exc_info() == (None, None, None)
