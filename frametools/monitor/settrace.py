"""sys.setprofile and sys.settrace on 3.11, where sys.monitoring does not exist.

The builder itself hooks in, in C through PyEval_SetProfile, in Python through
sys.setprofile, and derives the six events from 'call' and 'return'. LINE, RAISE and
INSTRUCTION, where they are asked for, come from a trace function.
"""

from __future__ import annotations

import sys

from frametools.monitor.backend import MonitorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from frametools.monitor._core import TreeBuilder


class Profile:
    """Events by the profile function of every thread, those to come included.

    A program that sets a profile function of its own takes the thread's only
    place for one: from there on this thread is not seen. What `wants` leaves out is
    not shown, and costs what it costs.
    """

    def __init__(self, wants: Callable[[CodeType], bool] | None = None) -> None:
        self._builder: TreeBuilder | None = None
        self._threading: Any = None
        """The module, while a trace function of ours is in place."""
        self.wants = wants

    def start(self, builder: TreeBuilder, skip: int = 0) -> None:
        """Start `builder` and its hook; MonitorError if the place is taken."""
        taken = sys.getprofile()
        if self._builder is not None or taken is not None:
            name = getattr(taken, "__qualname__", None) or type(taken).__name__
            raise MonitorError(f"sys.setprofile is taken, by {name}")
        tracer = _tracer(builder.callbacks)
        if tracer is not None:
            import threading  # now: what it imports is not the program's to show
        builder.start(skip + 1)
        try:
            builder.attach_profile()
        except RuntimeError as error:
            builder.stop()
            raise MonitorError(f"sys.setprofile is taken: {error}") from None
        self._builder = builder
        if tracer is not None:
            self._threading = threading
            threading.settrace(tracer)
            sys.settrace(tracer)

    def stop(self) -> None:
        """Take the hook out of every thread; stop the builder."""
        builder, self._builder = self._builder, None
        threading, self._threading = self._threading, None
        if threading is not None:
            sys.settrace(None)
            threading.settrace(None)
        if builder is not None:
            builder.detach_profile()
            builder.stop()


def _tracer(
    callbacks: dict[str, Callable[..., object]],
) -> Callable[[FrameType, str, Any], Any] | None:
    """Return the trace function for LINE, RAISE, INSTRUCTION; None if none is wanted.

    Threads that run already are not traced: sys.settrace has no way to them.
    """
    on_line, on_raise = callbacks.get("LINE"), callbacks.get("RAISE")
    on_instruction = callbacks.get("INSTRUCTION")
    if on_line is None and on_raise is None and on_instruction is None:
        return None
    if sys.gettrace() is not None:
        message = "sys.settrace is taken; LINE, RAISE and INSTRUCTION need it on 3.11"
        raise MonitorError(message)

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line" and on_line is not None:
            on_line(frame.f_code, frame.f_lineno)
        elif event == "exception" and on_raise is not None:
            on_raise(frame.f_code, frame.f_lasti, arg[1])
        elif event == "opcode" and on_instruction is not None:
            on_instruction(frame.f_code, frame.f_lasti)
        elif event == "call" and on_instruction is not None:
            frame.f_trace_opcodes = True
        return trace

    return trace
