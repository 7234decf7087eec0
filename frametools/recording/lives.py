"""Lives of frames: when each was entered, suspended, resumed and left."""

from __future__ import annotations

from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from frametools.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.events import CodeRef
    from frametools.recording.recording import Recording


class FrameLife(NamedTuple):
    """The life of one frame; times are ns since the recording began."""

    frame: int
    """Serial of the frame, as `Event.frame` has it."""
    code: CodeRef
    depth: int
    """Its depth when it was first seen."""
    thread: int
    """The thread in which it was first seen."""
    entered: int | None
    """When it began; None if it had begun before the recording."""
    left: int | None
    """When it ended; None if that was not seen."""
    how: EventKind | None
    """PY_RETURN or PY_UNWIND; None if its end was not seen."""
    spans: list[tuple[int, int | None]]
    """When it ran, as (resumed, suspended); None for an end that was not seen."""

    @property
    def suspended(self) -> list[tuple[int, int]]:
        """When it was suspended, as (suspended, resumed)."""
        pairs = zip(self.spans, self.spans[1:], strict=False)
        return [(end, start) for (_, end), (start, _) in pairs if end is not None]


def frame_lives(recording: Recording) -> list[FrameLife]:
    """Follow each frame through its events, across threads."""
    lives: dict[int, FrameLife] = {}
    for time, kind, node, frame, thread in _moves(recording):
        life = lives.get(frame)
        if life is None:
            tree = recording.tree
            entered = time if kind == EventKind.PY_START else None
            where = tree.ref(node), tree.depths[node], thread
            life = FrameLife(frame, *where, entered, None, None, [])
            lives[frame] = life
        if kind <= EventKind.PY_THROW:
            life.spans.append((time, None))
        else:
            lives[frame] = _leave(life, time, EventKind(kind))
    return list(lives.values())


def _moves(recording: Recording) -> Iterator[tuple[int, int, int, int, int]]:
    """Rows that enter or leave a known frame, in the order of time."""

    def of(index: int) -> Iterator[tuple[int, int, int, int, int]]:
        for time, kind, node, frame in recording.rows(index):
            if kind <= EventKind.PY_UNWIND and frame:
                yield time, kind, node, frame, index

    return merge(*map(of, range(len(recording.threads))), key=itemgetter(0))


def _leave(life: FrameLife, time: int, how: EventKind) -> FrameLife:
    if life.spans and life.spans[-1][1] is None:
        life.spans[-1] = (life.spans[-1][0], time)
    if how == EventKind.PY_YIELD:
        return life
    return life._replace(left=time, how=how)
