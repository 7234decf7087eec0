"""Greenlets of one thread: each has a depth of its own."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any
from weakref import ref

import pytest

from frametools.calls import log_calls
from frametools.calls.greenlets import unwatch, watch
from frametools.calls.stacks import unwatch_greenlets

greenlet: Any = pytest.importorskip("greenlet")


@pytest.fixture(autouse=True)
def unwatched() -> Iterator[None]:
    """At the end greenlet's tracer is what it was."""
    unwatch_greenlets()
    before = greenlet.gettrace()
    yield
    unwatch_greenlets()
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
    local = threading.local()
    watch(local)
    assert greenlet.gettrace() is not before
    unwatch(local)
    assert greenlet.gettrace() is before


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
