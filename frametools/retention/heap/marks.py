"""Marks: how a frame is known again, without keeping it or anything of it.

Frames cannot be referred to weakly (gh-102960). But one that has ended has no more use
for its `f_trace`: a mark put there dies with the frame, or when its variables are
cleared, and says when the frame was first seen. What was in that place stays behind
the mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

if TYPE_CHECKING:
    from types import FrameType


class Mark:
    """Sits in a frame's `f_trace`: a trace function that does nothing.

    Only frames refer to it: what would know if a frame lives has a weak reference to
    its own mark.
    """

    __slots__ = ("__weakref__", "before", "epoch", "is_shared")

    def __init__(self, epoch: int, before: Any = None, *, is_shared: bool) -> None:
        self.epoch = epoch
        """When the frame was first seen: a number that only grows."""
        self.before = before
        """What `f_trace` was."""
        self.is_shared = is_shared
        """Several frames may have it."""

    def __call__(self, *_args: object) -> Mark:
        """Go on tracing with this: what `sys.settrace` expects."""
        return self


class GeneratorMark(Mark):
    """Sits in the frame of a generator that has not ended.

    It says when the generator was first seen. If the frame is kept when the generator
    has ended, that is news: to the frame it is no mark.
    """

    __slots__ = ()


def mark_of(frame: FrameType) -> Mark | None:
    """Return the mark of a frame, if it has one."""
    found = frame.f_trace
    return found if type(found) is Mark else None


def mark_of_generator(frame: FrameType) -> GeneratorMark | None:
    """Return the mark of the generator whose frame it is, if that has one."""
    found = frame.f_trace
    return found if type(found) is GeneratorMark else None


def mark_generator(frame: FrameType, new: GeneratorMark) -> bool:
    """Mark a generator by its frame, unless that is being traced; tells if it is."""
    if frame.f_trace is None:
        frame.f_trace = new
    return frame.f_trace is new


def own_mark_of_generator(frame: FrameType, epoch: int) -> ref[Mark] | None:
    """Return a weak reference to the mark of a generator that no other one has.

    It is made if need be, as `own_mark` does; None if the frame is being traced.
    """
    found = frame.f_trace
    if found is None:
        found = frame.f_trace = GeneratorMark(epoch, is_shared=False)
    elif type(found) is not GeneratorMark:
        return None
    elif found.is_shared:
        found = frame.f_trace = GeneratorMark(found.epoch, is_shared=False)
    return ref(found)


def mark(frame: FrameType, shared: Mark) -> None:
    """Mark a frame that has ended and is not marked yet."""
    before = frame.f_trace
    if before is None or type(before) is GeneratorMark:
        frame.f_trace = shared
    elif type(before) is not Mark:
        frame.f_trace = Mark(shared.epoch, before, is_shared=False)


def own_mark(frame: FrameType, epoch: int) -> ref[Mark]:
    """Return a weak reference to the mark of a frame that no other frame has.

    It is made if need be, with the epoch that the frame's mark had, if it had any.
    """
    found = frame.f_trace
    if type(found) is GeneratorMark:
        found = frame.f_trace = Mark(epoch, is_shared=False)
    elif type(found) is not Mark:
        found = frame.f_trace = Mark(epoch, found, is_shared=False)
    elif found.is_shared:
        found = frame.f_trace = Mark(found.epoch, found.before, is_shared=False)
    return ref(found)
