"""Whose frames they are: which thread's, and which asyncio task's.

A frame that has ended still says who called it. Going up by `f_back` one comes to a
frame that a thread runs, or to the frame of a coroutine that a task waits in.
"""

from __future__ import annotations

from _thread import get_ident
from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools.retention.heap.census import running_threads
from frametools.retention.tasks import awaited, other_tasks

if TYPE_CHECKING:
    from types import FrameType
    from weakref import ref

    from frametools.retention.groups.graph import Graph
    from frametools.retention.groups.grouping import Group


class Owners:
    """Tells what belongs to other threads and tasks; of nobody else by default."""

    def __init__(self, *, only_current: bool = False) -> None:
        """Take note of the tasks that are there now, apart from those running here."""
        self._only_current = only_current
        self._others: tuple[set[int], set[int]] | None = None
        """What others run and wait in, from when it is first asked for in a search."""
        self._tasks: list[ref[Any]] = other_tasks() if only_current else []

    def begin(self) -> None:
        """Begin a search: what others run is another thing than the last time."""
        self._others = None

    def are_elsewhere(self, graph: Graph, group: Group) -> bool:
        """Tell if a group was left by other threads or tasks.

        What nobody can be blamed for counts as ours: the thread that made it may have
        ended.
        """
        if not self._only_current:
            return False
        me = get_ident()
        threads = group.held.threads
        if threads and me not in threads:
            return True
        if self._others is None:
            self._others = self._frames_of_others(me)
        frames, coroutines = self._others
        if id(graph.members[group.entry]) in coroutines:
            return True
        outermost = [_outermost(graph.members[n], frames) for n in group.frames]
        return bool(outermost) and all(id(frame) in frames for frame in outermost)

    def _frames_of_others(self, me: int) -> tuple[set[int], set[int]]:
        """Return ids of frames that others run or wait in, and of their coroutines."""
        frames = {
            id(frame)
            for thread, stack in running_threads().items()
            for frame in stack
            if thread != me
        }
        coroutines = set()
        for task in self._tasks:
            for coroutine in awaited(task()):
                coroutines.add(id(coroutine))
                frame = frame_of(coroutine)
                if frame is not None:
                    frames.add(id(frame))
        return frames, coroutines


def _outermost(kept: Any, ends: set[int]) -> FrameType | None:
    """Go up from a frame to one of those, or to the outermost."""
    frame = frame_of(kept)
    while frame is not None and id(frame) not in ends and frame.f_back is not None:
        frame = frame.f_back
    return frame
