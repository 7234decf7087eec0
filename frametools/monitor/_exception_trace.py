"""Exceptions by sys.settrace, on 3.11, which has no sys.monitoring.

An 'exception' event comes in each frame that an exception reaches; that it was
handled shows when the frame then leaves in another way, or has the next exception.
"""

from __future__ import annotations

import sys
import threading
from _weakref import ref
from typing import TYPE_CHECKING, Any

from frametools.monitor._opcodes import FOR_ITER, RETURN_VALUE, SEND, YIELD_VALUE
from frametools.monitor._sightings import is_new, is_thread_end
from frametools.monitor.backend import MonitorError

if TYPE_CHECKING:
    from types import CodeType, FrameType, TracebackType

    from frametools.monitor._sightings import Sightings


class _Pending:
    """An exception's address, of which a frame has yet to show what it does."""

    __slots__ = ("address", "code", "lasti")

    def __init__(self, address: int, frame: FrameType) -> None:
        self.address = address
        self.code = ref(frame.f_code)
        self.lasti = frame.f_lasti


class Trace:
    """'exception' and 'return' events in this thread, and in those yet to start."""

    def __init__(self, sightings: Sightings, hide: tuple[str, ...]) -> None:
        self._sightings = sightings
        self._hide = hide
        self._is_on = False
        self._pending: dict[int, _Pending] = {}
        """By the address of the frame."""
        self._frames: dict[int, int] = {}
        """Where an exception was seen last: addresses of exceptions and frames."""
        self._trace = self._on_call  # one bound method, to know it again
        self._local = self._on_event

    def start(self) -> None:
        """Begin; MonitorError if another trace function is there."""
        if self._is_on:
            return
        taken = sys.gettrace() or threading.gettrace()
        if taken is not None:
            name = getattr(taken, "__qualname__", None) or type(taken).__name__
            raise MonitorError(f"sys.settrace is taken, by {name}")
        self._is_on = True
        threading.settrace(self._trace)
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            self._follow(frame)
            frame = frame.f_back
        sys.settrace(self._trace)

    def stop(self) -> None:
        """End, and let go of the frames that run."""
        if not self._is_on:
            return
        self._is_on = False
        if sys.gettrace() == self._trace:
            sys.settrace(None)
        if threading.gettrace() == self._trace:
            threading.settrace(None)
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_trace == self._local:
                frame.f_trace = None
            frame = frame.f_back
        for pending in list(self._pending.values()):
            self._settle(pending)
        self._pending.clear()
        self._frames.clear()

    def _follow(self, frame: FrameType) -> Any:
        if not self._is_on or frame.f_code.co_filename.startswith(self._hide):
            return None
        frame.f_trace_lines = False
        frame.f_trace = self._local
        return self._local

    def _on_call(self, frame: FrameType, event: str, value: Any) -> Any:
        return self._follow(frame)

    def _on_event(self, frame: FrameType, event: str, value: Any) -> Any:
        if self._is_on and event == "exception":
            self._on_exception(frame, value[1], value[2])
        elif self._is_on and event == "return" and id(frame) in self._pending:
            self._on_return(frame, value)
        return self._local

    def _on_exception(
        self, frame: FrameType, error: BaseException, traceback: TracebackType
    ) -> None:
        code = frame.f_code
        before = self._pending.get(id(frame))
        if before is not None and before.address != id(error):
            self._settle(self._pending.pop(id(frame)))
        if is_new(code, traceback):
            self._settle_dead(id(error))
        self._sightings.raised(code, frame.f_lasti, error, traceback)
        self._frames[id(error)] = id(frame)
        # The end of an iteration is taken in C.
        if code.co_code[frame.f_lasti] not in {FOR_ITER, SEND}:
            self._pending[id(frame)] = _Pending(id(error), frame)

    def _settle_dead(self, address: int) -> None:
        """Settle the exception whose address another has now: it was handled."""
        number = self._frames.pop(address, 0)
        pending = self._pending.get(number)
        if pending is not None and pending.address == address:
            self._settle(self._pending.pop(number))

    def _on_return(self, frame: FrameType, value: object) -> None:
        opcode = frame.f_code.co_code[frame.f_lasti]
        pending = self._pending[id(frame)]
        is_thrown = value is None and frame.f_lasti == pending.lasti
        if opcode == YIELD_VALUE and not is_thrown:
            return
        del self._pending[id(frame)]
        if opcode == RETURN_VALUE:
            self._settle(pending)
            return
        caller = frame.f_back
        escaped = caller is None or self._is_end(caller.f_code)
        self._sightings.left(pending.address, escaped=escaped)

    def _is_end(self, code: CodeType) -> bool:
        return is_thread_end(code) or code.co_filename.startswith(self._hide)

    def _settle(self, pending: _Pending) -> None:
        """Note that the frame went on: it handled its exception."""
        code = pending.code()
        if code is not None:
            self._sightings.handled(pending.address, code, pending.lasti)
