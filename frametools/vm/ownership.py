"""Who keeps a frame alive: CPython's ownership rules, as code.

    owner         the memory is            it ends when
    THREAD        on the data stack        its code returns or raises
    GENERATOR     in the generator         likewise, or the generator is closed or freed
    FRAME_OBJECT  in the frame object      nobody refers to the frame object

A frame ends as THREAD or GENERATOR. If somebody holds its frame object then, the object
takes it over (`take_ownership` in Python/frame.c), with its variables as they are, and
with it the frames that it was called from, by `f_back`. `alive` says so of a VM as it
is now: what a search for retained frames is compared with.
"""

from __future__ import annotations

import gc
from enum import Enum
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.vm._builtins import (
    all,
    any,
    hasattr,
    id,
    isinstance,
    list,
    type,
)
from frametools.vm.frame import NULL, InterpreterFrame, Owner, Shim
from frametools.vm.frame_object import (
    FrameObject,
    take_ownership,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.vm.thread import ThreadState
    from frametools.vm.vm import VM

__all__ = ["Held", "Holder", "State", "alive", "holders", "state", "take_ownership"]


class State(Enum):
    """What a frame is doing."""

    CREATED = "created"
    """Of a generator that has not begun."""
    EXECUTING = "executing"
    """On a thread's stack: it runs, or something that it called does."""
    SUSPENDED = "suspended"
    """Of a generator, at a yield or an await."""
    COMPLETED = "completed"
    """It has ended; its variables are still there."""
    CLEARED = "cleared"
    """It has ended; its variables are gone."""


class Holder(Enum):
    """Through what a frame is alive."""

    THREAD = "thread"
    """It is on the stack of a `ThreadState`."""
    GENERATOR = "generator"
    """A generator, coroutine or async generator has it."""
    FRAME_OBJECT = "frame object"
    """Somebody holds its `FrameObject`."""
    TRACEBACK = "traceback"
    """An entry of a traceback refers to it."""
    CALLEE = "callee"
    """A frame that it called is kept, whose `f_back` it is."""


_GENERATOR_STATES = {
    -3: State.CREATED,
    -2: State.SUSPENDED,
    -1: State.SUSPENDED,
    0: State.EXECUTING,
}
"""By `resumption.FrameState`."""


class Held(NamedTuple):
    """One frame, and one reason that it is alive."""

    frame: InterpreterFrame
    kind: Holder
    holder: Any
    """ThreadState, generator, FrameObject, traceback or InterpreterFrame."""
    state: State


def state(frame: InterpreterFrame) -> State:
    """Return what a frame is doing. O(depth) for the frame of a call."""
    if frame.generator is not None and frame.owner is not Owner.FRAME_OBJECT:
        found = _GENERATOR_STATES.get(frame.frame_state)
        if found is not None:
            return found
    elif any(frame is other for other in _stack(frame.thread)):
        return State.EXECUTING
    is_empty = all(value is NULL for value in frame.localsplus)
    return State.CLEARED if is_empty and frame.localsplus else State.COMPLETED


def holders(frame: InterpreterFrame) -> list[Held]:
    """Return the reasons that a frame is alive. Walks all objects of the process.

    A generator that runs is held by whoever resumed it; it counts as holder all the
    same, as it does in CPython, where the frame is a part of it.
    """
    doing = state(frame)
    kept: list[Held] = []
    if doing is State.EXECUTING:
        kept.append(Held(frame, Holder.THREAD, frame.thread, doing))
    generator = None if frame.generator is None else frame.generator()
    if generator is not None and (
        frame is generator.frame or frame is generator.completed
    ):
        kept.append(Held(frame, Holder.GENERATOR, generator, doing))
    found = gc.get_referrers(frame)
    for referrer in found:
        kind = type(referrer)
        if kind is FrameObject:
            kept += _of_object(frame, referrer, doing, found)
        elif isinstance(referrer, InterpreterFrame) and doing is not State.EXECUTING:
            kept += [
                Held(frame, Holder.CALLEE, callee, doing)
                for callee in _complete_callees(referrer)
            ]
    return kept


def _of_object(
    frame: InterpreterFrame, held: FrameObject, doing: State, ours: object
) -> list[Held]:
    """Return who holds a frame object: entries of tracebacks, or anybody else.

    A frame that it called does, too, and is found by its `previous`. What is in a
    variable of native code is not found: so it is if there is nothing else. `ours` is a
    list that has it only now.
    """
    referrers = [each for each in gc.get_referrers(held) if each is not ours]
    has_others = not referrers
    kept = []
    for referrer in referrers:
        kind = type(referrer)
        if kind is FrameType and referrer.f_trace is held:
            kept += [
                Held(frame, Holder.TRACEBACK, entry, doing)
                for entry in gc.get_referrers(referrer)
                if type(entry) is TracebackType
            ]
        elif kind is not FrameObject:
            has_others = True
    if has_others:
        kept.append(Held(frame, Holder.FRAME_OBJECT, held, doing))
    return kept


def alive(of: ThreadState | VM) -> list[Held]:
    """Return every frame of a thread or a VM that is alive, once per reason.

    Those on a thread's stack first, the innermost first; of a VM also those that
    threads have left behind that are over. Walks all objects of the process: about
    20 ms.
    """
    threads = list(of.threads.values()) if hasattr(of, "threads") else [of]
    order: dict[int, InterpreterFrame] = {
        id(frame): frame for thread in threads for frame in _stack(thread)
    }
    for frame in gc.get_objects():
        if type(frame) is not InterpreterFrame:
            continue
        if of is frame.thread or of is frame.thread.vm:
            order.setdefault(id(frame), frame)
    return [held for frame in order.values() for held in holders(frame)]


def _stack(thread: ThreadState) -> Iterator[InterpreterFrame]:
    """Yield the frames of a thread, the innermost first, without shims."""
    frame = thread.current_frame
    while frame is not None:
        if frame.owner is not Owner.INTERPRETER:
            yield frame
        frame = frame.previous


def _complete_callees(referrer: InterpreterFrame) -> Iterator[InterpreterFrame]:
    """Yield the frame whose `previous` it is; of a shim, those above it."""
    if type(referrer) is not Shim:
        yield referrer
        return
    for above in gc.get_referrers(referrer):
        if type(above) is InterpreterFrame and above.previous is referrer:
            yield above
