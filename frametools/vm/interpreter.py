"""The evaluation loop, and the frame below the frames of each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    BaseException,
    RecursionError,
)
from frametools.vm.host import raise_plainly, tell
from frametools.vm.unwind import abandon, unwind

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_ATTEMPTS = range(3)
"""How often unwinding is begun anew after a signal handler has raised in its midst."""


def evaluate(  # noqa: C901, PLR0912 -- calls in it would cost too much
    frame: InterpreterFrame, shim: InterpreterFrame
) -> Any:
    """Run `frame` until `shim`, below it, is reached: `_PyEval_EvalFrameDefault`.

    Returns what it returned or yielded, raises what it raised, with no more context
    than it has. The thread's current frame and handled exception, as the host sees
    it, are afterwards what they were.
    """
    thread = shim.thread
    switch: Any = None
    stack: Any = None
    caller, told = thread.current_frame, thread.host_exc
    try:
        while True:
            try:
                # At the shim CPython runs its only instruction, INTERPRETER_EXIT.
                while frame is not shim:
                    thread.current_frame = frame
                    stack = frame.localsplus
                    for handler, operand in frame.instr:
                        switch = handler(frame, stack, operand)
                        if switch is not None:
                            break
                    frame = switch
            except BaseException as error:
                raised = error
            else:
                break
            # Outside of the `except` block: at its end the host restores what it was
            # handling before.
            for _ in _ATTEMPTS:
                try:
                    frame = unwind(frame, raised)
                    break
                except RecursionError as error:
                    # There is not even room to unwind.
                    raised = error
                    frame, thread.error = abandon(frame), raised
                    break
                except BaseException as error:  # a signal came in
                    raised = error
            else:
                frame, thread.error = abandon(frame), raised
            del raised
    finally:
        thread.current_frame = caller
        if thread.host_exc is not told:
            tell(thread, told)
    failure = thread.error
    if failure is None:
        return shim.localsplus.pop()
    thread.error = None
    # `raise failure` would add what the host is handling as its context. The traceback
    # will hold this frame, which therefore must not hold what is in it.
    del frame, shim, stack, switch, caller, told
    try:
        raise_plainly(failure)
    finally:
        del failure
