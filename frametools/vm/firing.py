"""How an event is told: with the frame to our own tools, else as PEP 669 says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_MONITORING
from frametools.vm.event_kinds import (
    C_RAISE,
    C_RETURN,
    CALL,
    INSTRUCTION,
    LINE,
    STOP_ITERATION,
)

if TYPE_CHECKING:
    from frametools.vm._builtins import tuple
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler
    from frametools.vm.thread import ThreadState

    Frame = InterpreterFrame
    Stack = list[Any]


if HAS_MONITORING:
    DISABLE: Any = sys.monitoring.DISABLE
    MISSING: Any = sys.monitoring.MISSING
else:
    DISABLE, MISSING = object(), object()


_PLACED = (INSTRUCTION, STOP_ITERATION)


class Point:
    """One layer at one instruction: which event, and the entry of `ops` below it."""

    __slots__ = ("code", "event", "handler", "index", "offset", "operand", "value")

    def __init__(
        self, code: Code, index: int, event: int, below: tuple[Handler, Any]
    ) -> None:
        self.code = code
        self.index = index
        self.event = event
        self.handler, self.operand = below
        self.offset = code.instructions[index].offset
        self.value: Any = None
        """LINE: the line. INSTRUCTION: the offsets of the EXTENDED_ARGs before."""


def fire(frame: Frame, point: Point, event: int, *args: Any) -> None:
    """Tell all who watch `event` at a point: `call_instrumentation_vector`.

    What a callback raises is raised at the instruction.
    """
    thread = frame.thread
    if thread.tracing:
        return
    code = point.code
    data = code.local_events
    index = point.index
    at = CALL if event in (C_RETURN, C_RAISE) else event
    for tool in data.active.get(at, ()):
        disabled = data.disabled.get((index, at))
        if disabled and tool.id in disabled:
            continue
        callback = tool.callbacks.get(event)
        if callback is None:
            continue
        if tool.takes_offsets and event in _PLACED:
            result = callback(frame, point.offset)
        elif tool.takes_frames:
            result = callback(frame, index, *args)
        elif event == LINE:
            result = call_out(thread, event, callback, code.co, *args)
        else:
            result = call_out(thread, event, callback, code.co, point.offset, *args)
        if result is not None and result is DISABLE:
            thread.vm.monitors.disable(point, at, tool)


def call_out(thread: ThreadState, event: int, callback: Any, *args: Any) -> Any:
    """Call the program while it is not watched: `call_one_instrument`."""
    if thread.exc_info.exc_value is not thread.host_exc:
        thread.tell_host()
    before = thread.what_event
    thread.what_event = event
    thread.tracing += 1
    try:
        return callback(*args)
    finally:
        thread.tracing -= 1
        thread.what_event = before
