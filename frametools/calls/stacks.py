"""Which logged calls run in a thread now.

A call is on the stack of its thread from its begin to its end; while a generator or
coroutine is suspended it is not. So the depth is right for threads and for tasks alike,
and no frame is walked. Each greenlet has a stack of its own.
"""

from __future__ import annotations

import threading
from sys import modules
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from frametools._paths import printable
from frametools.calls import greenlets

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from frametools.calls.functions import Function

Call = tuple[int, Any, float, float, bool]
"""A call that has begun: the key of its function; its arguments, written when it began,
None if it is not logged; `perf_counter` then, below 0 if it is not timed; from when on
it is sure to have a line, 0 if it has one; and whether it was asked for a secret. A
plain tuple: a named one takes three times as long to make."""
KEY, ENTRY, BEGAN, DUE, IS_SECRET = range(5)


class Stack:
    """The logged calls that run in one thread or greenlet, outermost first."""

    __slots__ = (
        "__weakref__",
        "calls",
        "depth",
        "is_busy",
        "label",
        "late",
        "name",
        "settled",
    )

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.depth = 0
        """How many of them have a line already."""
        self.late = 0
        """How many have one at their end, if they last long enough."""
        self.is_busy = False
        """A line is being written: what is called for that is not logged."""
        self.settled = 0
        """How many there were when `settle` was last thought of."""
        self.name = _thread_name()
        self.label = f"[{self.name}] "
        """What a line begins with once several have spoken: as `Sink.label` has it."""

    def push(self, call: Call) -> None:
        """Let a call begin or go on."""
        self.calls.append(call)
        self._count(call, 1)

    def _count(self, call: Call, by: int) -> None:
        if call[ENTRY] is None:
            return
        if call[DUE]:
            self.late += by
        else:
            self.depth += by

    def due(self, now: float) -> int:
        """Return how many calls have no line yet, and are sure to have one."""
        return sum(0 < call[DUE] <= now for call in self.calls) if self.late else 0

    def running(self, function: Function) -> Call | None:
        """Return the innermost call of a function; None if none is known.

        It is the last one, unless the end of others was not seen: these are dropped.
        """
        calls = self.calls
        index = len(calls) - 1
        while index >= 0 and calls[index][KEY] != function.key:
            index -= 1
        if index < 0:
            return None
        while len(calls) > index + 1:
            self.pop()
        return calls[index]

    def pop(self) -> None:
        """Let the last call end or wait."""
        self._count(self.calls.pop(), -1)

    def end(self, call: Call) -> None:
        """Let the last call end or wait, unless it was forgotten meanwhile."""
        if self.calls and self.calls[-1] is call:
            self.pop()

    def forget(self, key: int) -> None:
        """Take away the calls of a function that is not logged any more.

        A sink may ask for that, within the line of another call: see `end`.
        """
        self._have([call for call in self.calls if call[KEY] != key])

    def settle(self, running: Sequence[int], logged: Container[int]) -> None:
        """Take away calls that are over, though their end was not seen.

        `running` has the keys of the functions that run, outermost first; of those that
        are not `logged` it tells nothing.
        """
        calls, at = [], 0
        for call in self.calls:
            if call[KEY] in logged:
                try:
                    at = running.index(call[KEY], at) + 1
                except ValueError:
                    continue
            calls.append(call)
        self._have(calls)

    def _have(self, calls: list[Call]) -> None:
        self.calls = calls
        self.depth = self.late = 0
        for call in self.calls:
            self._count(call, 1)


def _thread_name() -> str:
    """Name this thread; one that threading does not know has a number."""
    number = threading.get_ident()
    thread = threading._active.get(number)  # type: ignore[attr-defined]
    return f"thread {number}" if thread is None else printable(str(thread.name))


local = threading.local()
"""`local.stack` is that of this thread, once there is one; of the greenlet that runs,
if there are any. No subclass: looking a name up in one takes twice as long."""


def my_stack() -> Stack:
    """Return the stack of this thread."""
    try:
        return local.stack  # type: ignore[no-any-return]
    except AttributeError:
        local.stack = stack = Stack()
        _all.add(stack)
        greenlets.watch(local)
        return stack


def watch_greenlets() -> None:
    """Give each greenlet of this thread a stack of its own, if there are any."""
    greenlets.watch(local)


def unwatch_greenlets() -> None:
    """Leave this thread's greenlets alone, if nothing is logged."""
    greenlets.unwatch_if_idle(local)


def forget_everywhere(key: int) -> None:
    """Take away the calls of a function in all threads: it is not logged any more.

    A call that another thread begins right now may be lost: `Stack.running` mends that.
    """
    for stack in list(_all):
        stack.forget(key)


_all: WeakSet[Stack] = WeakSet()


class _Running:
    """`loop()` returns the event loop that runs in this thread, or None."""

    __slots__ = ("loop",)

    def __init__(self) -> None:
        self.loop: Callable[[], Any] = self._first

    def _first(self) -> Any:
        """Find asyncio's own function, which is C: the next time it is called."""
        asyncio = modules.get("_asyncio")
        if asyncio is None:
            return None
        self.loop = asyncio._get_running_loop
        return self.loop()


running = _Running()


def speaker(stack: Stack) -> str:
    """Name the asyncio task that runs, or else the thread."""
    if running.loop() is None:
        return stack.name
    task = modules["asyncio"].current_task()
    return stack.name if task is None else printable(str(task.get_name()))
