"""From a raised exception to the frame and instruction that go on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame


def unwind(frame: InterpreterFrame, error: BaseException, lasti: int = -1) -> InterpreterFrame:
    """Find who handles `error`, raised in `frame`: `exception_unwind` in Python/ceval.c.

    Frames that do not are left, and cleared. Returns the frame to go on with: at a
    handler, or the shim below an entry, with `thread.error` set.
    """
    thread = frame.thread
    index = frame.instr_ptr
    while True:
        handled = frame.code.handled[index]
        if handled is not None:
            stack = frame.localsplus
            del stack[frame.code.nlocalsplus + handled.depth :]
            if handled.lasti:
                stack.append(index if lasti < 0 else lasti)
            stack.append(error)
            frame.instr.__setstate__(handled.target)
            return frame
        lasti = -1
        caller = frame.previous
        if caller.owner == 3:
            thread.error = error
            return caller
        frame = caller
        index = frame.instr_ptr
