"""Letting go: the variables of the frames of a leak are given up."""

from __future__ import annotations

import gc
from types import FrameType

from frametools._frame_values import frame_of
from frametools.retention.arguments import check_is
from frametools.retention.heap._twin import frames_in
from frametools.retention.heap.census import is_kept
from frametools.retention.heap.marks import Mark, mark_of, mark_of_generator
from frametools.retention.leaks import Leak


def release(leak: Leak) -> int:
    """Clear the frames of a leak that are still kept; returns how many those were.

    Those of a traceback, and their callers that have ended, which
    `traceback.clear_frames` does not reach, lose their variables (`frame.clear()`):
    what only they kept is freed. Suspended generators are closed, so their `finally`
    blocks run, and what these raise is raised here. Running frames stay as they are.
    Whoever held the frames holds them still, but empty. A look at all objects.
    TypeError for what is no leak.
    """
    check_is(leak, Leak, "release takes a Leak, one of those that were found")
    marked = [found for mark in leak.marks if (found := mark()) is not None]
    wanted = {id(found) for found in marked if isinstance(found, Mark)}
    generators = [found for found in marked if not isinstance(found, Mark)]
    released = 0
    for found in frames_in(gc.get_objects()) if wanted else ():
        if type(found) is not FrameType:
            frame = frame_of(found)
            if frame is not None and id(mark_of_generator(frame)) in wanted:
                generators.append(found)
        elif id(mark_of(found)) in wanted:
            released += 1
            found.clear()
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
