"""Handlers of jumps, branches and loops that are watched."""

from __future__ import annotations

from types import GeneratorType
from typing import TYPE_CHECKING, Any

from frametools._python import (
    HAS_BRANCH_SIDES,
    ITERATORS_TAKE_TWO_SLOTS,
    JUMP_EVENTS_ARE_AT_TARGET,
)
from frametools.vm._builtins import (
    StopAsyncIteration,
    StopIteration,
    bool,
    id,
    isinstance,
    iter,
    len,
    next,
    type,
)
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    INSTRUCTION,
    JUMP,
    LINE,
)
from frametools.vm.firing import DISABLE, Point, call_out
from frametools.vm.frame import NULL
from frametools.vm.frame_object import MODEL_TYPES

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]

_ITERATOR = -2 if ITERATORS_TAKE_TWO_SLOTS else -1
"""Where it is on the stack of FOR_ITER."""


def followed_jump(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Note from where control comes to a place that may begin a line."""
    thread = frame.thread
    if thread.tracing:
        return point.handler(frame, stack, point.operand)
    thread.jumped = None
    switch = point.handler(frame, stack, point.operand)
    if switch is None and thread.jumped is None:
        index = frame.instr_ptr + 1
        if index != point.index + 1:
            thread.jumped = index, point.index
    return switch


def instrumented_jump(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire JUMP when the jump is done."""
    point.handler(frame, stack, point.operand)
    _tell_jump(frame, point, JUMP, frame.instr_ptr + 1)
    return None


def _tell_jump(frame: Frame, point: Point, event: int, to: int) -> None:
    """Fire an event between a jump and its target."""
    thread = frame.thread
    if thread.tracing:
        return
    code = point.code
    instr = frame.instr
    at = to if JUMP_EVENTS_ARE_AT_TARGET else point.index
    instr.__setstate__(at + 1)
    thread.jumped = None
    data = code.local_events
    offset = code.instructions[to - 1].end if to else 0
    for tool in data.active.get(event, ()):
        disabled = data.disabled.get((point.index, event))
        callback = tool.callbacks.get(event)
        if callback is None or (disabled and tool.id in disabled):
            continue
        if tool.takes_offsets:
            result = callback(frame, point.offset)
        elif tool.takes_frames:
            result = callback(frame, point.index, to)
        else:
            result = call_out(thread, event, callback, code.co, point.offset, offset)
        if result is not None and result is DISABLE:
            thread.vm.monitors.disable(point, event, tool)
    if thread.jumped is None:
        instr.__setstate__(to)
        if to != point.index + 1:
            thread.jumped = to, point.index


def instrumented_branch(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH with where it went."""
    point.handler(frame, stack, point.operand)
    _tell_jump(frame, point, BRANCH, frame.instr_ptr + 1)
    return None


def instrumented_branch_right(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_RIGHT if it jumped."""
    point.handler(frame, stack, point.operand)
    index = frame.instr_ptr + 1
    if index != point.index + 1:
        _tell_jump(frame, point, BRANCH_RIGHT, index)
    return None


def instrumented_not_taken(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_LEFT for the branch before, which did not jump."""
    point.handler(frame, stack, point.operand)
    _tell_from(frame, point, BRANCH_LEFT, _source(point, point.index - 1))
    return None


def _source(point: Point, source: int) -> int:
    """Return the instruction before, or this one if it has more layers than this."""
    data = point.code.local_events
    active = data.active
    layered = INSTRUCTION in active or (LINE in active and point.index in data.lines)
    return point.index if layered else source


def _tell_from(frame: Frame, point: Point, event: int, source: int) -> None:
    """Fire a branch's event at the instruction that it went to."""
    offset = point.offset
    point.offset = point.code.instructions[source].offset
    _tell_jump(frame, point, event, point.index + 1)
    point.offset = offset


def instrumented_pop_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_RIGHT for the FOR_ITER that came here, or whatever did."""
    jumped = frame.thread.jumped
    source = jumped[1] if jumped and jumped[0] == point.index else point.index - 1
    held = stack[-2:]  # the iterator goes after the event, and is closed then
    point.handler(frame, stack, point.operand)
    _tell_from(frame, point, BRANCH_RIGHT, _source(point, source))
    del held
    return None


def instrumented_end_async_for(
    frame: Frame, stack: Stack, point: Point
) -> Frame | None:
    """Fire BRANCH_RIGHT for the END_SEND of the loop that ends."""
    error = stack[-1]
    target = point.code.instructions[point.index].target
    if not isinstance(error, StopAsyncIteration):
        _tell_from(frame, point, BRANCH_RIGHT, target or 0)
        return point.handler(frame, stack, point.operand)
    point.handler(frame, stack, point.operand)
    _tell_from(frame, point, BRANCH_RIGHT, target or 0)
    return None


def instrumented_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH, or BRANCH_LEFT if there is a next item.

    A generator runs natively then, as it does in CPython: the event comes behind what
    happens in it.
    """
    if _iterate(frame, stack, point) or not HAS_BRANCH_SIDES:
        _tell_jump(frame, point, point.event, frame.instr_ptr + 1)
    return None


def followed_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Have iterators run natively: where LINE or INSTRUCTION is fired.

    CPython does not specialise its FOR_ITER there.
    """
    _iterate(frame, stack, point)
    return None


def watched_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Have a StopIteration told of that an iterator in Python raises."""
    iterator = stack[_ITERATOR]
    if _is_generator(iterator):
        return point.handler(frame, stack, point.operand)
    _iterate(frame, stack, point)
    return None


def _iterate(frame: Frame, stack: Stack, point: Point) -> bool:
    """Do FOR_ITER; False if there is no next item."""
    if ITERATORS_TAKE_TWO_SLOTS and stack[-1] is not NULL:
        depth = len(stack)
        point.handler(frame, stack, point.operand)  # runs no code of the program
        return len(stack) > depth
    at = _ITERATOR
    iterator = stack[at]
    thread = frame.thread
    if thread.exc_info.exc_value is not thread.host_exc:
        thread.tell_host()
    item = _next(frame, iterator)
    # The handler is given an iterator that yields this item, or ends.
    stack[at] = iter(() if item is NULL else (item,))
    point.handler(frame, stack, point.operand)
    if item is not NULL:
        stack[at - 1] = iterator
        return True
    if HAS_BRANCH_SIDES:
        stack[at] = iterator
    return False


def _is_generator(iterator: Any) -> bool:
    # An iterator of `co_lines` has no `__class__` on 3.11.
    kind = type(iterator)
    return MODEL_TYPES.get(id(kind), kind) is GeneratorType


def _next(frame: Frame, iterator: Any) -> Any:
    try:
        return next(iterator)
    except StopIteration as stop:
        stopped = stop
    try:
        watching = frame.thread.vm.watching
        if watching is not None and (
            stopped.value is not None or not _is_generator(iterator)
        ):
            watching.stopped(frame, stopped, iterator)
    finally:
        del stopped  # its traceback has this frame
    return NULL
