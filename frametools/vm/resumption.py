"""Generators' frames: how one is resumed, yields, returns, and is left.

    CREATED -> EXECUTING <-> SUSPENDED, SUSPENDED_YIELD_FROM
       |           |             |
       |        CLEARED          |
       +------> COMPLETED <------+    by close(), which runs nothing: 3.12 and 3.13

The state and the generator's item of handled exceptions are in its frame, as in CPython
the frame is in the generator. The generator owns the frame, and the frame knows it only
weakly: a generator that is dropped half-way is closed at once. While it runs, whoever
resumed it holds it: the value stack of the frame below, or a native caller.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from frametools._python import (
    CLOSE_KEEPS_UNSTARTED_FRAMES,
    CLOSED_FRAMES_DANGLE,
    CLOSES_UNGUARDED_SILENTLY,
    CLOSES_UNGUARDED_UNSEEN,
    CLOSES_UNSTARTED_SILENTLY,
    LASTI_IS_BEHIND_YIELD,
)
from frametools.vm._builtins import (
    BaseException,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    TypeError,
    ValueError,
    isinstance,
)
from frametools.vm.ending import die_in_order, forget
from frametools.vm.frame import InterpreterFrame, Owner
from frametools.vm.thread import ExcInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.generator import Resumable


class FrameState(IntEnum):
    """`enum _framestate` of 3.13."""

    CREATED = -3
    SUSPENDED = -2
    SUSPENDED_YIELD_FROM = -1
    EXECUTING = 0
    COMPLETED = 1
    CLEARED = 4


# Plain numbers: comparing those is what the loop does.
CREATED, SUSPENDED, SUSPENDED_YIELD_FROM = map(int, list(FrameState)[:3])
EXECUTING, COMPLETED, CLEARED = map(int, list(FrameState)[3:])
_GENERATOR, _FRAME_OBJECT = Owner.GENERATOR, Owner.FRAME_OBJECT

CO_COROUTINE, CO_ASYNC_GENERATOR = 0x80, 0x200


def kind_name(flags: int) -> str:
    """Return what CPython calls the object that code with these flags makes."""
    if flags & CO_COROUTINE:
        return "coroutine"
    return "async generator" if flags & CO_ASYNC_GENERATOR else "generator"


def resume(
    gen: Resumable, caller: InterpreterFrame, value: object = None
) -> InterpreterFrame:
    """Put a generator's frame on top of `caller`, with the value that is sent to it.

    Returns it, to go on with. `caller.return_offset` says where the caller goes on
    when the generator returns.
    """
    frame: InterpreterFrame = gen.frame  # type: ignore[assignment]
    state = frame.frame_state
    if state != SUSPENDED:
        _check(frame, state, value)
    thread = caller.thread
    depth = caller.depth + 1
    if frame.depth != depth:
        if depth > thread.recursion_limit:
            thread.recursion_error()
        frame.depth = depth
    frame.thread = thread
    frame.previous = caller
    frame.frame_state = EXECUTING
    item = frame.exc_info
    if item is not None:
        item.previous = thread.exc_info
        thread.exc_info = item
    frame.localsplus.append(value)
    return frame


def _check(frame: InterpreterFrame, state: int, value: object) -> None:
    if state == EXECUTING:
        kind = kind_name(frame.code.co.co_flags)
        raise ValueError(f"{kind} already executing")
    if state == CREATED and value is not None:
        kind = kind_name(frame.code.co.co_flags)
        raise TypeError(f"can't send non-None value to a just-started {kind}")


def begin_handling(frame: InterpreterFrame) -> ExcInfo:
    """Give a generator its item of the stack of handled exceptions.

    In CPython it always has one, which is linked whenever it runs.
    """
    thread = frame.thread
    frame.exc_info = item = ExcInfo()
    item.previous = thread.exc_info
    thread.exc_info = item
    return item


def pause_handling(frame: InterpreterFrame, item: ExcInfo) -> None:
    """Take a generator's item off the stack of handled exceptions."""
    frame.thread.exc_info = item.previous  # type: ignore[assignment]
    item.previous = None
    if item.exc_value is None:
        frame.exc_info = None


def finish(frame: InterpreterFrame) -> None:
    """End a frame that returns, its value being on the stack of the frame below.

    That one goes on at its `return_offset`.
    """
    if frame.owner is _GENERATOR:
        _clear(frame)
        caller: InterpreterFrame = frame.previous  # type: ignore[assignment]
        offset = caller.return_offset
        if offset >= 0:
            caller.instr.__setstate__(offset)
    if frame.frame_obj is not None:
        release(frame)
    die_in_order(frame)


def leave(frame: InterpreterFrame, error: BaseException) -> BaseException:
    """End a generator's frame that an exception leaves; returns the exception.

    It is another one if the code does not see to that itself: see `stop_error`. The
    variables stay, for the traceback.
    """
    _clear(frame)
    frame.owner = _FRAME_OBJECT
    if CHECKS_STOP_ITERATION:
        error = stop_error(frame.code.co.co_flags, error)
    release(frame)  # its traceback holds it
    return error


def _clear(frame: InterpreterFrame) -> None:
    """Take a generator's frame from its thread and from the generator."""
    frame.frame_state = CLEARED
    if frame.exc_info is not None:
        pause_handling(frame, frame.exc_info)
        frame.exc_info = None
    gen = frame.generator()
    if gen is not None:
        gen.frame = None


def release(frame: InterpreterFrame) -> None:
    """Give a frame that has ended to its frame object: `take_ownership`."""
    take_ownership[0](frame)


take_ownership: list[Callable[[InterpreterFrame], None]] = []
"""frame_object.py puts its function here: it imports this module, and an import when it
is needed would fail while the interpreter ends."""


def drop(gen: Resumable, frame: InterpreterFrame) -> None:
    """End a generator of which nothing is to run: `gen_clear_frame`, 3.13."""
    _stay_behind_yield(frame)
    frame.frame_state = CLEARED
    gen.frame = gen.completed = None
    if frame.frame_obj is not None:
        release(frame)
    die_in_order(frame)


def complete(gen: Resumable, frame: InterpreterFrame) -> None:
    """End a generator, and leave it its frame: that goes when the generator does."""
    _stay_behind_yield(frame)
    frame.frame_state = COMPLETED
    gen.frame = None
    gen.completed = frame


def _stay_behind_yield(frame: InterpreterFrame) -> None:
    """Keep `f_lasti` where it is shown while a generator waits: see `frame.lasti`."""
    if LASTI_IS_BEHIND_YIELD and frame.frame_state < 0 and frame.frame_obj is not None:
        frame.instr.__next__()


def ends_silently(gen: Resumable, frame: InterpreterFrame) -> bool:
    """End a generator that is closed at once if nothing of it would run."""
    if frame.frame_state == CREATED and CLOSES_UNSTARTED_SILENTLY:
        (complete if CLOSE_KEEPS_UNSTARTED_FRAMES else drop)(gen, frame)
    elif not _is_unguarded(frame):
        return False
    elif CLOSED_FRAMES_DANGLE and frame.frame_obj is not None:
        complete(gen, frame)
        forget(frame)
    else:
        drop(gen, frame)
    return True


def _is_unguarded(frame: InterpreterFrame) -> bool:
    """Say if a suspended frame is at a `yield` outside of any `try`, and unwatched.

    Nothing of it would run; CPython's compiler marks the RESUME behind (gh-111997).
    """
    if not CLOSES_UNGUARDED_SILENTLY or frame.frame_state != SUSPENDED:
        return False
    code, handled = frame.code, frame.code.handled[frame.instr_ptr]
    if handled is None:
        return False
    handler = code.instructions[handled.target : handled.target + 2]
    if [each.opname for each in handler] != ["CALL_INTRINSIC_1", "RERAISE"]:
        return False
    watching = frame.thread.vm.watching
    return CLOSES_UNGUARDED_UNSEEN or watching is None or not watching.unwinds(frame)


def stop_error(flags: int, error: BaseException) -> BaseException:
    """Return what an exception is that leaves a generator's code: PEP 479."""
    if isinstance(error, StopIteration):
        name = "StopIteration"
    elif flags & CO_ASYNC_GENERATOR and isinstance(error, StopAsyncIteration):
        name = "StopAsyncIteration"
    else:
        return error
    new = RuntimeError(f"{kind_name(flags)} raised {name}")
    new.__cause__ = new.__context__ = error
    return new


def _has_stop_iteration_intrinsic() -> bool:
    from dis import opmap

    return "CALL_INTRINSIC_1" in opmap


CHECKS_STOP_ITERATION = not _has_stop_iteration_intrinsic()
"""A StopIteration that leaves a generator is replaced by whoever resumed it; later the
compiler puts an exception handler around the code, with an intrinsic that does it."""
