"""Events of exceptions, which have no place in code: what unwinding calls.

`VM.watching` is one of these, or None while nobody watches anything. Each method takes
the frame, the exception and the index of the instruction that raised it there; it
returns the exception to go on with: that one, or what a callback raised instead.
"""

from __future__ import annotations

from contextvars import copy_context
from types import WrapperDescriptorType
from typing import TYPE_CHECKING, Any

from frametools._python import (
    RAISES_BEHIND_CACHES,
    RAISES_EARLIER_IN_CALLERS,
    THROWS_AT_RESUME,
)
from frametools._safe_repr.classes import MISSING, of_class
from frametools.vm._builtins import (
    BaseException,
    StopIteration,
    frozenset,
    id,
    iter,
    type,
)
from frametools.vm.event_kinds import (
    EXCEPTION_HANDLED,
    PY_THROW,
    PY_UNWIND,
    RAISE,
    RERAISE,
)
from frametools.vm.firing import DISABLE, call_out
from frametools.vm.frame import Owner
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.host import get_traceback, raise_plainly
from frametools.vm.tracebacks import strip

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instrumentation import Monitors, Tool

_context = copy_context()
_ITERABLE: tuple[Any, ...] = (
    _context,
    _context.values(),
    _context.items(),
    list[Any],
)
_RAISE_AT_END = frozenset(id(type(iter(each))) for each in _ITERABLE)
"""Ids of iterators of C that do raise at their end: of Python/hamt.c, `list[int]`."""
del _context, _ITERABLE
_NAMES_RAISING_AT_END = (
    "FutureIter",
    "_element_iterator",
    "anext_awaitable",
    "async_generator_asend",
    "async_generator_athrow",
)
"""Names of others, here or of modules that need not be imported."""
_name_of_type = type.__dict__["__name__"].__get__
_AT_RAISING = frozenset({RAISE, PY_UNWIND, PY_THROW})


def _raises_at_end(kind: type, stop: StopIteration) -> bool:
    """Say if what `next` has raised came from the iterator: C may end without it."""
    if id(kind) in _RAISE_AT_END or _name_of_type(kind) in _NAMES_RAISING_AT_END:
        return True
    if id(kind) in MODEL_TYPES:
        return False
    found = of_class(kind, "__next__")
    if found is not MISSING and type(found) is not WrapperDescriptorType:
        return True
    # What it iterates over may raise, in Python: `map`, `zip`, `islice` pass that on.
    entry = get_traceback(stop)
    return entry is not None and entry.tb_next is not None


class Watching:
    """Tells tools of exceptions: `monitor_raise` and its kin in Python/ceval.c."""

    __slots__ = ("_is_stop", "_left", "_monitors")

    def __init__(self, monitors: Monitors) -> None:
        self._monitors = monitors
        self._is_stop = False
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
            opname = frame.code.instructions[index].opname
            if THROWS_AT_RESUME and opname == "YIELD_VALUE":
                index = -1  # a RESUME that has not run: what is behind begins a line
            # What begins no line would not take it, nor the frames that go on then.
            begins_line = frame.code.line(target) is not None
            frame.thread.jumped = (target, index) if begins_line else None
        return self._tell(frame, EXCEPTION_HANDLED, error, target)

    def unwind_event(
        self, frame: InterpreterFrame, error: BaseException, index: int
    ) -> BaseException:
        """PY_UNWIND: the frame is about to be left."""
        error = self._tell(frame, PY_UNWIND, error, index)
        caller = frame.previous
        # Below a shim is C, which may well end this: the frame would be held for ever.
        has_caller = caller is not None and caller.owner is not Owner.INTERPRETER
        self._left = caller if has_caller else None
        return error

    def throw_event(
        self, frame: InterpreterFrame, error: BaseException
    ) -> BaseException:
        """PY_THROW: `throw()` has resumed a generator's frame."""
        return self._tell(frame, PY_THROW, error, frame.instr_ptr)

    def stopped(
        self, frame: InterpreterFrame, stop: StopIteration, iterator: object
    ) -> None:
        """RAISE: the `__next__` of an iterator that is iterated over has raised `stop`.

        Iterators of C end without an exception, though `next` shows one; a generator
        that returns a value does raise it (`gen_iternext`).
        """
        kind = type(iterator)
        if stop.value is None and not _raises_at_end(kind, stop):
            return
        self.send_stopped(frame, stop)

    def send_stopped(self, frame: InterpreterFrame, stop: StopIteration) -> None:
        """RAISE: a method that the frame's instruction has called has raised `stop`."""
        strip(stop)
        index = frame.instr_ptr
        self._is_stop = True
        error = self._tell(frame, RAISE, stop, index)
        self._is_stop = False
        if error is not stop:
            raise_plainly(error)

    def unwinds(self, frame: InterpreterFrame) -> bool:
        """Say if PY_UNWIND is watched in a frame: `_PyEval_NoToolsForUnwind`."""
        code = frame.code
        if code.version is not frame.thread.vm.version:
            self._monitors.update(code)
        data = code.local_events
        return data is not None and PY_UNWIND in data.active

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
        if index < code.first_traceable and frame.generator is None:
            return error
        offset = self._offset(frame, event, index)
        for tool in tools:
            raised = self._tell_one(frame, tool, event, index, offset, error)
            if raised is not None:
                return raised
        return error

    def _offset(self, frame: InterpreterFrame, event: int, index: int) -> int:
        """Return the offset that the host reports: of `next_instr - 1`."""
        instruction = frame.code.instructions[index]
        if event not in _AT_RAISING or self._is_stop:
            return instruction.offset
        if event == PY_THROW:
            return instruction.end if THROWS_AT_RESUME else instruction.offset
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
                self._monitors.disable_in_code(frame.code, event, tool)
        except BaseException as raised:
            return raised
        return None
