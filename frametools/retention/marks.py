"""Marks: how a frame is known again, without keeping it or anything of it.

Frames cannot be referred to weakly (gh-102960). But one that has ended has no more use
for its `f_trace`: a mark put there dies with the frame, or when its variables are
cleared, and says when the frame was first seen. What was in that place stays behind
the mark.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType


class Mark:
    """Sits in a frame's `f_trace`: a trace function that does nothing."""

    __slots__ = ("before", "epoch")

    def __init__(self, epoch: int, before: Any = None) -> None:
        self.epoch = epoch
        """When the frame was first seen: a number that only grows."""
        self.before = before
        """What `f_trace` was."""

    def __call__(self, *_args: object) -> Mark:
        """Go on tracing with this: what `sys.settrace` expects."""
        return self


def mark_of(frame: FrameType) -> Mark | None:
    """Return the mark of a frame, if it has one."""
    found = frame.f_trace
    return found if type(found) is Mark else None


def mark(frame: FrameType, shared: Mark) -> None:
    """Mark a frame that has ended and is not marked yet."""
    before = frame.f_trace
    if before is None:
        frame.f_trace = shared
    elif type(before) is not Mark:
        frame.f_trace = Mark(shared.epoch, before)


def own_mark(frame: FrameType, epoch: int) -> Mark:
    """Return a mark that no other frame has; its epoch is the one it had, if any."""
    found = frame.f_trace
    seen, before = (
        (found.epoch, found.before) if type(found) is Mark else (epoch, found)
    )
    frame.f_trace = own = Mark(seen, before)
    return own


def are_alive(marks: list[Mark]) -> list[bool]:
    """Tell of marks, which nobody else may hold but one frame each, if it lives."""
    return [count > _UNUSED for count in map(sys.getrefcount, marks)]


def _measure() -> int:
    return next(map(sys.getrefcount, [Mark(0)]))


_UNUSED = _measure()
"""References to a mark that only a list has, as `map` sees them."""
