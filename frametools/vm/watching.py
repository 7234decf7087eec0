"""Events of exceptions, which have no place in code: what unwinding calls.

`VM.watching` is one of these, or None while nobody watches anything. Each method takes
the frame, the exception and the index of the instruction that raised it there; it
returns the exception to go on with: that one, or what a callback raised instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._python import RAISES_BEHIND_CACHES, RAISES_EARLIER_IN_CALLERS
from frametools.vm._builtins import BaseException, StopIteration, frozenset
from frametools.vm.event_kinds import (
    EXCEPTION_HANDLED,
    PY_THROW,
    PY_UNWIND,
    RAISE,
    RERAISE,
    STOP_ITERATION,
)
from frametools.vm.instrumented import DISABLE, Point, call_out

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instrumentation import Monitors, Tool

_AT_RAISING = frozenset({RAISE, PY_UNWIND})


class Watching:
    """Tells tools of exceptions: `monitor_raise` and its kin in Python/ceval.c."""

    __slots__ = ("_left", "_monitors")

    def __init__(self, monitors: Monitors) -> None:
        self._monitors = monitors
        self._left: InterpreterFrame | None = None
        """The frame that the frame unwound last had been called from."""

    def raise_event(
        self, frame: InterpreterFrame, error: BaseException, index: int
    ) -> BaseException:
        """RAISE: an exception was raised here, or has come out of a call."""
        return self._tell(frame, RAISE, error, index)

    def reraise_event(
        self, frame: InterpreterFrame, error: BaseException, index: int
    ) -> BaseException:
        """RERAISE: a handler or a `finally` lets it go on."""
        return self._tell(frame, RERAISE, error, index)

    def handled_event(
        self, frame: InterpreterFrame, error: BaseException, index: int
    ) -> BaseException:
        """EXCEPTION_HANDLED: the frame is at its handler now.

        If another exception comes back, it was raised there.
        """
        self._left = None
        target = frame.instr_ptr + 1
        if not frame.thread.tracing:
            frame.thread.jumped = target, index
        return self._tell(frame, EXCEPTION_HANDLED, error, target)

    def unwind_event(
        self, frame: InterpreterFrame, error: BaseException, index: int
    ) -> BaseException:
        """PY_UNWIND: the frame is about to be left."""
        error = self._tell(frame, PY_UNWIND, error, index)
        self._left = frame.previous
        return error

    def throw_event(
        self, frame: InterpreterFrame, error: BaseException
    ) -> BaseException:
        """PY_THROW: `throw()` has resumed a generator's frame."""
        return self._tell(frame, PY_THROW, error, frame.instr_ptr)

    def stop_iteration_event(
        self, frame: InterpreterFrame, value: object
    ) -> BaseException | None:
        """STOP_ITERATION: what is iterated has returned `value`."""
        stop = StopIteration(value)
        error = self._tell(frame, STOP_ITERATION, stop, frame.instr_ptr)
        return None if error is stop else error

    def _tell(
        self, frame: InterpreterFrame, event: int, error: BaseException, index: int
    ) -> BaseException:
        code, thread = frame.code, frame.thread
        if thread.tracing:
            return error
        if code.version is not thread.vm.version:
            self._monitors.update(code)
        data = code.local_events
        tools = data.active.get(event) if data is not None else None
        if not tools:
            return error
        if index < code.first_traceable:
            return error
        offset = self._offset(frame, event, index)
        for tool in tools:
            disabled = data.disabled.get((index, event))
            if disabled and tool.id in disabled:
                continue
            raised = self._tell_one(frame, tool, event, index, offset, error)
            if raised is not None:
                return raised
        return error

    def _offset(self, frame: InterpreterFrame, event: int, index: int) -> int:
        """Return the offset that the host reports: of `next_instr - 1`."""
        instruction = frame.code.instructions[index]
        if event not in _AT_RAISING:
            return instruction.offset
        if self._left is frame:
            early = RAISES_EARLIER_IN_CALLERS
            return (instruction.offset if early else instruction.end) - 2
        return instruction.end - 2 if RAISES_BEHIND_CACHES else instruction.offset

    def _tell_one(
        self,
        frame: InterpreterFrame,
        tool: Tool,
        event: int,
        index: int,
        offset: int,
        error: BaseException,
    ) -> BaseException | None:
        callback: Any = tool.callbacks.get(event)
        if callback is None:
            return None
        try:
            if tool.takes_frames:
                result = callback(frame, index, error)
            else:
                co = frame.code.co
                result = call_out(frame.thread, event, callback, co, offset, error)
            if result is DISABLE:
                point = Point(frame.code, index, event, frame.code.ops[index])
                self._monitors.disable(point, event, tool)
        except BaseException as raised:
            return raised
        return None
