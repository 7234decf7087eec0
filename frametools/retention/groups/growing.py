"""One exception raised again and again: its traceback grows.

`raise error` puts an entry in front of the traceback that the exception has already. A
traceback of one time is a chain of calls: each frame was called by the one before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

_TIMES = 3
"""A place that stands so often in a traceback, without recursion, was raised anew."""

_traceback: Any = BaseException.__dict__["__traceback__"].__get__


def is_growing(error: BaseException) -> bool:
    """Tell if an exception's traceback has several times in it. O(entries)."""
    times: dict[tuple[int, int], dict[int, FrameType]] = {}
    traceback = _traceback(error)
    while traceback is not None:
        frame = traceback.tb_frame
        place = id(frame.f_code), traceback.tb_lineno
        times.setdefault(place, {})[id(frame)] = frame
        traceback = traceback.tb_next
    return any(
        len(frames) >= _TIMES and _are_apart(frames) for frames in times.values()
    )


def _are_apart(frames: dict[int, FrameType]) -> bool:
    """Tell if none of some frames called another: it is not recursion."""
    seen: set[int] = set()
    for frame in frames.values():
        caller = frame.f_back
        while caller is not None and id(caller) not in seen:
            if id(caller) in frames:
                return False
            seen.add(id(caller))
            caller = caller.f_back
    return True
