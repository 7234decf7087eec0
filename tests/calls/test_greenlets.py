"""Greenlets of one thread: each has a depth of its own."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any
from weakref import ref

import pytest

from frametools.calls import log_calls
from frametools.calls.greenlets import logged, unwatch, watch
from frametools.calls.stacks import local

greenlet: Any = pytest.importorskip("greenlet")


@pytest.fixture(autouse=True)
def unwatched() -> Iterator[None]:
    """At the end greenlet's tracer is what it was; nothing else is logged."""
    unwatch(local)
    before, others = greenlet.gettrace(), set(logged)
    logged.clear()
    yield
    logged.update(others)
    unwatch(local)
    assert greenlet.gettrace() is before


def test_each_has_a_depth_of_its_own(lines: list[str]) -> None:
    """Calls of one that waits do not indent those of another."""

    @log_calls(sink=lines.append, result=False)
    def outer(name: str) -> None:
        main.switch()
        inner(name)

    @log_calls(sink=lines.append, result=False)
    def inner(name: str) -> None:
        main.switch()

    def rounds() -> None:
        nonlocal main
        main = greenlet.getcurrent()
        both = [greenlet.greenlet(outer) for _ in range(2)]
        both[0].switch("a"), both[1].switch("b")
        for _ in range(2):
            both[0].switch(), both[1].switch()

    main: Any = None
    rounds()
    assert lines == [
        *["→ outer('a')", "→ outer('b')"],
        *["  → inner('a')", "  → inner('b')"],
        *["  ← inner('a')", "← outer('a')", "  ← inner('b')", "← outer('b')"],
    ]


def test_the_programs_own_tracer(lines: list[str]) -> None:
    """It is called as before, in this thread and while we watch."""
    seen: list[str] = []

    @log_calls(sink=lines.append)
    def f() -> None:
        pass

    def work() -> None:
        greenlet.settrace(lambda event, _pair: seen.append(event))
        f()
        greenlet.greenlet(f).switch()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["switch", "switch"]


def test_what_has_a_stack_for_each_greenlet_already() -> None:
    """As gevent's `local`, which it puts in place of `threading.local`."""

    class Local:
        """Not that of the thread."""

    before = greenlet.gettrace()
    watch(Local())
    assert greenlet.gettrace() is before
    own = threading.local()
    watch(own)
    assert greenlet.gettrace() is not before
    unwatch(own)
    assert greenlet.gettrace() is before


def _tracer_and_switch() -> list[Any]:
    """Return greenlet's tracer before and after a switch."""
    before = greenlet.gettrace()
    greenlet.greenlet(int).switch()
    return [before, greenlet.gettrace()]


def test_no_tracer_outlives_off(lines: list[str]) -> None:
    """Here it is taken away at once, in other threads when they switch again."""
    found: list[Any] = []
    is_on, is_off = threading.Event(), threading.Event()

    def work() -> None:
        f()
        is_on.set()
        is_off.wait()
        found.extend(_tracer_and_switch())
        again = log_calls(f, sink=lines.append)
        again()
        found.append(greenlet.gettrace())
        log_calls.off(again)

    @log_calls(sink=lines.append)
    def f() -> None:
        pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    is_on.wait()
    assert greenlet.gettrace() is not None
    log_calls.off(f)
    assert greenlet.gettrace() is None
    is_off.set()
    thread.join()
    assert [each is not None for each in found] == [True, False, True]


def test_one_that_was_taken_away(lines: list[str]) -> None:
    """The next `log_calls` sets it again; one that is below another does nothing."""

    @log_calls(sink=lines.append)
    def waits(name: str) -> None:
        main.switch()
        log_calls(len, sink=lines.append)([])

    main = greenlet.getcurrent()
    greenlet.settrace(None)
    log_calls(len, sink=lines.append)
    assert greenlet.gettrace() is not None
    below = greenlet.gettrace()
    greenlet.settrace(partial(below))
    log_calls(len, sink=lines.append)
    both = [greenlet.greenlet(waits) for _ in range(2)]
    both[0].switch("a"), both[1].switch("b")
    both[0].switch(), both[1].switch()
    assert [line for line in lines if line.startswith("  → len")] == ["  → len([])"] * 2
    assert "    " not in "".join(lines)
    greenlet.settrace(None)


def test_none_is_kept(lines: list[str]) -> None:
    """A greenlet that is dropped while it waits dies, and its stack with it."""

    @log_calls(sink=lines.append)
    def waits() -> None:
        main.switch()

    main = greenlet.getcurrent()
    one = greenlet.greenlet(waits)
    one.switch()
    watched = ref(one)
    del one
    gc.collect()
    assert watched() is None
    assert lines[1].startswith("✗ waits() raised GreenletExit(")
