r"""From a raised exception to the frame and instruction that go on with it.

The model is `exception_unwind` in Python/ceval.c: for each frame an entry is added to
the traceback; the exception table says whether a handler in the frame goes on, with the
value stack cut to the depth that it expects; else the frame is left, and its caller is
next, until a shim: there the exception leaves the evaluation loop.

    evaluate  --error-->  unwind  --  context, strip  --\
    RAISE_VARARGS  ----->  raise_error  -- context -----+--> _propagate -> frame
    RERAISE, bare raise -> reraise   -- no entry -------/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._python import THROWS_AT_RESUME
from frametools.vm._builtins import (
    BaseException,
    MemoryError,
    RecursionError,
    len,
    type,
)
from frametools.vm.ending import die_in_order
from frametools.vm.frame import Owner
from frametools.vm.frame_object import take_ownership
from frametools.vm.host import get_context, get_traceback, set_context, set_traceback
from frametools.vm.resumption import CLEARED, leave
from frametools.vm.tracebacks import add_entry, first_shown, is_twin, strip

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from frametools.vm.code import Handled
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.thread import ThreadState

GENERATOR, FRAME_OBJECT, INTERPRETER = (
    Owner.GENERATOR,
    Owner.FRAME_OBJECT,
    Owner.INTERPRETER,
)


def unwind(frame: InterpreterFrame, error: BaseException) -> InterpreterFrame:
    """Go on with `error`, which a handler running `frame` has raised.

    Returns the frame to go on with: at a handler, or the shim below an entry, with
    `thread.error` set.
    """
    thread = frame.thread
    if frame.owner is FRAME_OBJECT and thread.current_frame is not None:
        # A signal came in just when it had been left.
        frame = thread.current_frame
    if type(error) is RecursionError:
        _forget_overflows(thread, error)
    if thread.exc_info.exc_value is not thread.host_exc:
        _correct_context(thread, error)
    return _raise_here(frame, error, strip(error))


def abandon(frame: InterpreterFrame) -> InterpreterFrame:
    """Return the shim below a frame: the frames above it are given up.

    Generators among them are finished, as `resumption.leave` does it: but for a call
    of a Python function there may be no room here.
    """
    while frame.owner is not INTERPRETER:
        if frame.owner is GENERATOR:
            frame.frame_state = CLEARED
            if frame.exc_info is not None:
                frame.thread.exc_info = frame.exc_info.previous  # type: ignore[assignment]
                frame.exc_info = None
            gen = frame.generator()
            if gen is not None:
                gen.frame = None
        frame = frame.previous  # type: ignore[assignment]
    frame.localsplus.clear()
    return frame


def raise_error(
    frame: InterpreterFrame, error: BaseException
) -> InterpreterFrame | None:
    """Raise `error` in `frame`, as `raise error` does: handlers return the result."""
    info = frame.thread.exc_info
    handled = info.exc_value
    if handled is None and info.previous is not None:
        handled = frame.thread.handled()
    if handled is not None:
        chain(handled, error)
    target = _raise_here(frame, error, get_traceback(error))
    return None if target is frame else target


def reraise(
    frame: InterpreterFrame, error: BaseException, lasti: int = -1
) -> InterpreterFrame | None:
    """Go on with an exception that has an entry for this frame: for handlers.

    `lasti`, if not -1, is where it was raised at first, in code units.
    """
    traceback = get_traceback(error)
    target = _propagate(frame, error, traceback, _index(frame), lasti, False)
    return None if target is frame else target


def _index(frame: InterpreterFrame) -> int:
    return len(frame.code.ops) - frame.instr.__length_hint__() - 1  # type: ignore[no-any-return]


def _raise_here(
    frame: InterpreterFrame, error: BaseException, traceback: TracebackType | None
) -> InterpreterFrame:
    """Propagate an error; a short cut if the frame itself handles it."""
    code = frame.code
    index = len(code.ops) - frame.instr.__length_hint__() - 1
    if index >= 0:
        handled = code.handled[index]
        if handled is not None and frame.thread.vm.watching is None:
            try:
                set_traceback(error, add_entry(frame, traceback, index))
            except (RecursionError, MemoryError):
                pass  # no room for an entry: the host leaves it out as well
            _handle(frame, error, handled, index, -1)
            return frame
    return _propagate(frame, error, traceback, index, -1, True)


def _handle(
    frame: InterpreterFrame,
    error: BaseException,
    handled: Handled,
    index: int,
    lasti: int,
) -> None:
    """Have a frame go on at a handler: cut its stack, push the exception, jump."""
    target, depth, pushes_lasti = handled
    stack = frame.localsplus
    depth += frame.code.nlocalsplus
    if len(stack) > depth:
        del stack[depth:]
    if pushes_lasti:
        if lasti < 0:
            lasti = frame.code.instructions[index].offset >> 1
        stack.append(lasti)
    stack.append(error)
    frame.instr.__setstate__(target)


def _propagate(  # noqa: C901 -- one loop, as in CPython
    frame: InterpreterFrame,
    error: BaseException,
    traceback: TracebackType | None,
    index: int,
    lasti: int,
    is_new: bool,
) -> InterpreterFrame:
    thread = frame.thread
    watching = thread.vm.watching
    while frame.owner is not INTERPRETER:
        at = _lasti_index(frame, index)
        if is_new:
            traceback = _with_entry(frame, error, traceback, at)
        came_from = index
        if watching is not None:
            if lasti >= 0:
                _go_back(frame, lasti)
                came_from = _index(frame)
            tell = watching.raise_event if is_new else watching.reraise_event
            error, traceback = _watched(tell, frame, error, index)
        handled = _handler(frame, index)
        if handled is not None:
            _handle(frame, error, handled, at, lasti)
            if watching is None:
                return frame
            handling = error
            error, traceback = _watched(watching.handled_event, frame, error, came_from)
            if error is handling:
                return frame
            index, lasti, is_new = handled.target, -1, True
            continue
        # What is on the value stack goes first: a loop's generator is closed from here.
        del frame.localsplus[frame.code.nlocalsplus :]
        if watching is not None:
            error, traceback = _watched(watching.unwind_event, frame, error, index)
        if lasti >= 0:
            _go_back(frame, lasti)
        elif at != index:
            frame.instr.__setstate__(at + 1)
        # First of all: should a signal come in, that is where it is raised.
        thread.current_frame = caller = frame.previous
        left = _leave(frame, error)
        if left is not error:
            error, traceback = left, get_traceback(left)
        frame = caller  # type: ignore[assignment]
        index = _index(frame)
        lasti, is_new = -1, True
    frame.localsplus.clear()
    thread.error = error
    return frame


def _lasti_index(frame: InterpreterFrame, index: int) -> int:
    """Return where `f_lasti` says an error is raised: if thrown, behind the yield.

    The handler is that of the yield all the same.
    """
    if THROWS_AT_RESUME and frame.owner is GENERATOR and index >= 0:
        opname = frame.code.instructions[index].opname
        if opname in ("YIELD_VALUE", "RETURN_GENERATOR"):
            return index + 1
    return index


def _handler(frame: InterpreterFrame, index: int) -> Handled | None:
    return frame.code.handled[index] if index >= 0 else None


def _with_entry(
    frame: InterpreterFrame,
    error: BaseException,
    traceback: TracebackType | None,
    index: int,
) -> TracebackType | None:
    """Give an error an entry for a frame, and return its traceback."""
    try:
        traceback = add_entry(frame, traceback, index)
    except (RecursionError, MemoryError):
        return traceback  # no room for an entry: the host leaves it out as well
    set_traceback(error, traceback)
    return traceback


def _leave(frame: InterpreterFrame, error: BaseException) -> BaseException:
    """End a frame, whose variables stay for the traceback; returns what goes on."""
    die_in_order(frame)
    if frame.owner is GENERATOR:
        return leave(frame, error)
    take_ownership(frame)
    return error


def _watched(
    tell: Callable[[InterpreterFrame, BaseException, int], BaseException],
    frame: InterpreterFrame,
    error: BaseException,
    index: int,
) -> tuple[BaseException, TracebackType | None]:
    """Tell who watches; an exception raised by a callback goes on instead."""
    new = tell(frame, error, index)
    return new, get_traceback(error) if new is error else strip(new)


def _go_back(frame: InterpreterFrame, lasti: int) -> None:
    """Have a frame that is left show the line that raised, not that of the RERAISE."""
    for instruction in frame.code.instructions:
        if instruction.offset >> 1 == lasti:
            frame.instr.__setstate__(instruction.index + 1)
            return


def chain(handled: BaseException | None, error: BaseException) -> None:
    """Make `handled` the context of `error`: `_PyErr_SetObject` in Python/errors.c.

    A link that would close a cycle is cut.
    """
    if handled is None or handled is error:
        return
    at = slow = handled
    moves = False
    while (context := get_context(at)) is not None:
        if context is error:
            set_context(at, None)
            break
        at = context
        if at is slow:
            break  # a cycle without `error`
        if moves:
            slow = get_context(slow)
        moves = not moves
    set_context(error, handled)


def _correct_context(thread: ThreadState, error: BaseException) -> None:
    """Set the context of an error that was raised while the host had not been told.

    It then has what the host handled as its context, or none. Errors with another one
    got that on purpose, and those of VM frames got theirs by RAISE_VARARGS.
    """
    handled = thread.handled()
    told = thread.host_exc
    if handled is told or get_context(error) is not told or handled is error:
        return
    entry = first_shown(get_traceback(error))
    if entry is not None and is_twin(entry.tb_frame):
        return
    if handled is None:
        set_context(error, None)
    else:
        chain(handled, error)


def _forget_overflows(thread: ThreadState, error: BaseException) -> None:
    """Take from a RecursionError the ones that our own code was unwinding just then.

    Where the C stack ends, the host raises one wherever it stands, in our code too, and
    another as long as there is no room to unwind the first. The program knows of one.
    """
    context = get_context(error)
    if type(context) is not RecursionError:
        return
    if first_shown(get_traceback(error)) is not None:
        return  # raised by code of the program
    handled = thread.handled()
    while type(context) is RecursionError and context is not handled:
        context = get_context(context)
    set_context(error, context)
