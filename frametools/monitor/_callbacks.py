"""The callbacks of the Python twin: closures that say as little as they can.

Measured on 3.12.1, ns per call: two callbacks that do nothing 80, thread-local
attribute 24 each (a dict keyed by get_ident() 40), perf_counter 41 each (the _ns form
46, and integers of two digits are slower to compare), id(code) 21 and the lookup 13.
A table keyed by the code object itself would hash its whole bytecode on 3.12.

The clock is the last that an enter reads and the first that a leave reads, so what
monitoring costs falls outside of the callee. Calls are not counted at PY_START: they
are what the leaves say, less the resumes and throws. CPU time is not read per event:
every 100 us a thread asks how much of them it did not run, and charges that to
the node it was in; `off` of a whole subtree is summed at the end.
The callbacks give the node that they entered or left, which `Recorder` builds on;
sys.monitoring looks at the result only for DISABLE.
"""

from __future__ import annotations

import sys
from time import perf_counter

from frametools.monitor._forest import SEED_ALL, SEED_CALLERS
from frametools.monitor._nodes import (
    COROUTINE,
    PY_RESUME,
    PY_THROW,
    PY_UNWIND,
    PY_YIELD,
    TRACKED,
    Node,
)
from frametools.monitor._opcodes import UNSTARTED

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from frametools.monitor._forest import Forest
    from frametools.monitor._nodes import Thread

    Callback = Callable[..., Any]

DISABLE: object = getattr(getattr(sys, "monitoring", None), "DISABLE", None)


class SlowWay:
    """What a callback does when the node it looks for is not at hand.

    `level` is how far above the callback, for `sys._getframe`, the event's frame is.
    """

    def __init__(
        self, forest: Forest, level: int, greenlets: Callable[[Thread, bool], None]
    ) -> None:
        self.forest = forest
        self.level = level
        self._see_greenlets = greenlets

    def enter(self, code: CodeType) -> Node | None:
        """Make the node that `code` enters the innermost; None: not to be shown."""
        thread = self._thread(code, SEED_CALLERS)
        if thread is None:
            return None
        node = self.forest.find_child(thread, code)
        if node is not None:
            thread.node = node
        return node

    def leave(self, code: CodeType) -> Node | None:
        """Make the node that `code` leaves the innermost; None: there is none."""
        thread = self._thread(code, SEED_ALL)
        return None if thread is None else self.forest.find_open(thread, code)

    def _thread(self, code: CodeType, seed: bool) -> Thread | None:
        if self.forest.codes.entry(code).ignored:
            return None
        thread = self.forest.thread_here(seed)
        if thread is not None:
            self._see_greenlets(thread, seed)
        return thread

    def answer(self, code: CodeType) -> object:
        """Say DISABLE, where that is allowed, for code that a filter leaves out.

        Not without a filter: DISABLE outlives the run, and the backend undoes it
        only where there was one (pep669.give_back).
        """
        codes = self.forest.codes
        return DISABLE if codes.is_filtered and codes.entry(code).ignored else None


def on_start(slow: SlowWay) -> Callback:
    """Make the callback for PY_START; the fast way is all that counts."""
    local, clock, address = slow.forest.local, perf_counter, id

    def start(code: CodeType, offset: int) -> object:
        try:
            thread = local.thread
            thread.node = node = thread.node.children[address(code)]
        except (AttributeError, KeyError):
            found = slow.enter(code)
            if found is None:
                return slow.answer(code)
            node, thread = found, local.thread
        node.code = code
        node.entered = now = clock()
        if now > thread.due:
            thread.sync(node.parent, now)
        return node

    return start


def on_return(slow: SlowWay) -> Callback:
    """Make the callback for PY_RETURN."""
    local, clock = slow.forest.local, perf_counter

    def returned(code: CodeType, offset: int, value: object) -> object:
        now = clock()
        try:
            thread = local.thread
            node = thread.node
            if node.code is not code:
                raise AttributeError
        except AttributeError:
            found = slow.leave(code)
            if found is None:
                return slow.answer(code)
            node, thread = found, local.thread
        if now > thread.due:
            thread.sync(node, now)
        node.code = None
        node.returns += 1
        node.wall += now - node.entered
        thread.node = node.parent
        return node

    return returned


def on_start_sampled(slow: SlowWay) -> Callback:
    """Make the callback for PY_START that reads no clock."""
    forest, address = slow.forest, id
    local = forest.local

    def start(code: CodeType, offset: int) -> object:
        try:
            thread = local.thread
            thread.node = node = thread.node.children[address(code)]
        except (AttributeError, KeyError):
            found = slow.enter(code)
            if found is None:
                return slow.answer(code)
            node = found
        node.code = code
        node.entered = forest.now
        return node

    return start


def on_return_sampled(slow: SlowWay) -> Callback:
    """Make the callback for PY_RETURN that reads no clock."""
    local = slow.forest.local

    def returned(code: CodeType, offset: int, value: object) -> object:
        try:
            thread = local.thread
            node = thread.node
            if node.code is not code:
                raise AttributeError
        except AttributeError:
            found = slow.leave(code)
            if found is None:
                return slow.answer(code)
            node, thread = found, local.thread
        node.code = None
        node.returns += 1
        thread.node = node.parent
        return node

    return returned


def on_resume(slow: SlowWay, start: Callback, kind: int) -> Callback:
    """Make the callback for PY_RESUME or PY_THROW out of that for PY_START."""
    suspended, frame_at, level = slow.forest.suspended, sys._getframe, slow.level

    def resume(code: CodeType, offset: int, exception: object = None) -> object:
        node = start(code, offset)
        if node.__class__ is not Node:
            return node if kind == PY_RESUME else None
        if kind == PY_RESUME:
            node.resumes += 1
        else:
            node.throws += 1
        if node.flags & TRACKED:
            frame = id(frame_at(level))
            waiting, since, node.serial = suspended.pop(frame, (node, 0.0, 0))
            if kind == PY_THROW and code.co_code[offset] == UNSTARTED:
                # Another's: one that ended untold, as it ignored GeneratorExit.
                since, node.serial = 0.0, 0
            if since and waiting.flags & COROUTINE:
                waiting.awaited += node.entered - since
        return node

    return resume


def on_leave(slow: SlowWay, kind: int) -> Callback:
    """Make a callback for any leave; it notes the moment in `Thread.last`."""
    forest, suspended = slow.forest, slow.forest.suspended
    local, sampled = forest.local, forest.is_sampled
    clock, frame_at, level = perf_counter, sys._getframe, slow.level

    def left(code: CodeType, offset: int, value: object) -> object:
        now = forest.now if sampled else clock()
        try:
            thread = local.thread
            node = thread.node
            if node.code is not code:
                raise AttributeError
        except AttributeError:
            found = slow.leave(code)
            if found is None:
                return None if kind == PY_UNWIND else slow.answer(code)
            node, thread = found, local.thread
        thread.leave(node, now)
        if kind == PY_YIELD:
            node.yields += 1
            if node.flags & TRACKED:
                suspended[id(frame_at(level))] = node, now, node.serial
        elif kind == PY_UNWIND:
            node.unwinds += 1
        else:
            node.returns += 1
        return node

    return left


def six(slow: SlowWay) -> dict[str, Callback]:
    """Make the callbacks for the six events that balance."""
    sampled = slow.forest.is_sampled
    start = on_start_sampled(slow) if sampled else on_start(slow)
    returned = on_return_sampled(slow) if sampled else on_return(slow)
    return {
        "PY_START": start,
        "PY_RESUME": on_resume(slow, start, PY_RESUME),
        "PY_THROW": on_resume(slow, start, PY_THROW),
        "PY_RETURN": returned,
        "PY_YIELD": on_leave(slow, PY_YIELD),
        "PY_UNWIND": on_leave(slow, PY_UNWIND),
    }
