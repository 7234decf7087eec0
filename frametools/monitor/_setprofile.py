"""3.11, which has no sys.monitoring: the six events out of sys.setprofile.

'call' is START, RESUME or THROW, 'return' is RETURN, YIELD or UNWIND; which of them
the instruction at f_lasti says. A 'call' stands at a RESUME instruction, whose
argument is 0 at the start of a function and 1 to 3 after a yield; a throw runs none.
A frame that an exception leaves stands at neither RETURN_VALUE nor YIELD_VALUE, but
for one thrown in at a yield: it stands at that same yield. So a generator that
answers a throw by yielding None from the same place again is taken for left.

sys.setprofile reaches this thread, and through threading.setprofile those that start
later; Python 3.11 has no way into threads that already run, other than C's. A profile
function that cannot be called, since the stack is full, is removed by the interpreter:
after a RecursionError the rest of that thread is not seen.
"""

from __future__ import annotations

import sys
import threading
from time import perf_counter

from frametools.monitor._endings import EXIT, KILL, save_all
from frametools.monitor._opcodes import RESUME, RETURN_VALUE, YIELD_VALUE

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from frametools.monitor._callbacks import Callback
    from frametools.monitor._forest import Local

    Profile = Callable[[FrameType, str, object], object]


def clocked(callbacks: dict[str, Callback], local: Local) -> Profile:  # noqa: C901
    """Make the function for sys.setprofile.

    The usual way of PY_START and PY_RETURN (_callbacks) is written out in it: a
    call of a Python function costs 50 ns.
    """
    other, has_c_events = delegating(callbacks), "CALL" in callbacks
    clock, address = perf_counter, id

    def profile(  # noqa: C901
        frame: FrameType, event: str, value: object
    ) -> None:
        if event == "call":
            try:
                thread = local.thread
                node = thread.node.children[address(code := frame.f_code)]
                if node.flags:
                    raise KeyError
            except (AttributeError, KeyError):
                other(frame, event, value)
                return
            thread.node = node
            node.code = code
            node.entered = now = clock()
            if now > thread.due:
                thread.sync(node.parent, now)
        elif event == "return":
            now = clock()
            try:
                thread = local.thread
                node = thread.node
                if node.code is not (code := frame.f_code) or node.flags:
                    raise AttributeError
            except AttributeError:
                other(frame, event, value)
                return
            if value is None and code.co_code[frame.f_lasti] != RETURN_VALUE:
                other(frame, event, value)
                return
            if now > thread.due:
                thread.sync(node, now)
            node.code = None
            node.returns += 1
            node.wall += now - node.entered
            thread.node = node.parent
        elif has_c_events:
            other(frame, event, value)
        elif (value is EXIT or value is KILL) and event == "c_call":
            save_all()

    return profile


LEVEL = 2
"""How far above a callback the frame of the event is, where `delegating` calls it;
one more where `clocked` calls that."""


def delegating(callbacks: dict[str, Callback]) -> Profile:
    """Make a function for sys.setprofile that calls a callback for each event."""
    c_events = _c_events(callbacks)
    thrown: dict[int, int] = {}

    def profile(frame: FrameType, event: str, value: object) -> None:
        code, at = frame.f_code, frame.f_lasti
        if event == "call":
            kind = _enter_kind(code, at)
            if kind == "PY_THROW":
                thrown[id(frame)] = at
            callbacks[kind](code, at)
        elif event == "return":
            kind = _leave_kind(code, at)
            if thrown and thrown.pop(id(frame), None) == at and value is None:
                kind = "PY_UNWIND"
            callbacks[kind](code, at, value)
        elif (value is EXIT or value is KILL) and event == "c_call":
            save_all()
        elif c_events:
            c_events[event](code, at, value, None)

    return profile


def _enter_kind(code: CodeType, at: int) -> str:
    if code.co_code[at] != RESUME:
        return "PY_THROW"
    return "PY_RESUME" if code.co_code[at + 1] & 3 else "PY_START"


def _leave_kind(code: CodeType, at: int) -> str:
    opcode = code.co_code[at]
    if opcode == YIELD_VALUE:
        return "PY_YIELD"
    return "PY_RETURN" if opcode == RETURN_VALUE else "PY_UNWIND"


def _c_events(callbacks: dict[str, Callback]) -> dict[str, Callback]:
    if "CALL" not in callbacks:
        return {}
    return {
        "c_call": callbacks["CALL"],
        "c_return": callbacks["C_RETURN"],
        "c_exception": callbacks["C_RAISE"],
    }


class Hook:
    """A profile function, in this thread and in those that start later."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def attach(self) -> None:
        """Begin. The place in this thread is taken last: it would see the rest."""
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)

    def detach(self) -> None:
        """End, unless another profile function has taken the place."""
        if sys.getprofile() is self._profile:
            sys.setprofile(None)
        if threading.getprofile() is self._profile:
            threading.setprofile(None)
