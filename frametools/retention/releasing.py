"""Letting go: the variables of the frames of a leak are given up."""

from __future__ import annotations

import gc
from types import FrameType
from typing import TYPE_CHECKING

from frametools.retention._twin import frames_in
from frametools.retention.census import is_kept
from frametools.retention.marks import Mark, mark_of

if TYPE_CHECKING:
    from frametools.retention.leaks import Leak


def release(leak: Leak) -> int:
    """Clear the frames of a leak that are still kept; returns how many those were.

    Those of a traceback, and their callers that have ended, which
    `traceback.clear_frames` does not reach, lose their variables (`frame.clear()`):
    what only they kept is freed. Suspended generators are closed, so their `finally`
    blocks run, and what these raise is raised here. Running frames stay as they are.
    Whoever held the frames holds them still, but empty. A look at all objects.
    """
    marked = [found for mark in leak.marks if (found := mark()) is not None]
    wanted = {id(found) for found in marked if type(found) is Mark}
    generators = [found for found in marked if type(found) is not Mark]
    released = 0
    for frame in frames_in(gc.get_objects()) if wanted else ():
        if type(frame) is FrameType and id(mark_of(frame)) in wanted:
            released += 1
            frame.clear()
    for generator in generators:
        if is_kept(generator):
            released += 1
            _close(generator)
    return released


def _close(generator: object) -> None:
    """Close a generator or coroutine; end an async generator with GeneratorExit."""
    close = getattr(generator, "close", None)
    if close is not None:
        close()
        return
    try:
        generator.aclose().send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
