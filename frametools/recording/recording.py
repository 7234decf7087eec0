"""`Recording`: the events of a run in order, as rows, with their names."""

from __future__ import annotations

from array import array
from heapq import merge
from typing import TYPE_CHECKING

from frametools._image import Image, layout, read
from frametools._image.notes import write_notes
from frametools.calltree import CallTree
from frametools.events import Event, EventKind

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from frametools.calltree import ThreadInfo
    from frametools.events import CodeRef
    from frametools.recording.compare import Difference
    from frametools.recording.lives import FrameLife
    from frametools.snapshot import TracebackSnapshot

_MOVES = frozenset(range(EventKind.PY_START, EventKind.PY_UNWIND + 1))
_NAMING = frozenset(
    {
        EventKind.CALL,
        EventKind.C_RETURN,
        EventKind.C_RAISE,
        EventKind.RAISE,
        EventKind.RERAISE,
        EventKind.EXCEPTION_HANDLED,
    }
)


class Recording:
    """What happened, in order: rows of 16 bytes, made into `Event`s one at a time.

    Iteration gives the events of all threads in the order of time, `thread` those of
    one. `tree` is the call tree that was kept beside them, and has the threads.

    Recordings are equal if in each thread (by name) the same events came in the same
    order: kind, code, depth, argument, and which of them share a frame. Times and
    the serial numbers of frames do not matter.
    """

    def __init__(self, image: Image) -> None:
        """Take the rows of a data file, and the tree that they refer to."""
        self.tree = CallTree.from_image(image)
        self._rows = image.events
        self._ns_per_tick = image.ns_per_tick
        self._tracebacks: list[TracebackSnapshot] | None = None

    # --- files ---

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Recording:
        """Read a data file; ImageError if it is none, OSError."""
        from frametools._image import load

        return cls(load(path))

    @classmethod
    def from_image(cls, image: Image | bytes) -> Recording:
        """Take a data file, or the bytes of one; O(nodes + events)."""
        return cls(image if isinstance(image, Image) else read(image))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a data file in one step; OSError leaves an old file as it is."""
        from frametools._image import save

        save(self.to_image(), path)

    def to_image(self) -> Image:
        """Give the recording as a data file; O(nodes + events)."""
        image = self.tree.to_image()
        image.flags |= layout.RECORDED
        image.events = {thread: self._ns_rows(thread) for thread in self._rows}
        info = self.tree.info.copy()
        info.pop("tracebacks", None)
        if self.tracebacks:
            info["tracebacks"] = [each.to_dict() for each in self.tracebacks]
        image.notes = write_notes(info, self.tree.exceptions)
        return image

    def _ns_rows(self, thread: int) -> array[int]:
        rows = self._rows[thread]
        if self._ns_per_tick != 1.0:
            rows = rows[:]
            for at in range(0, len(rows), 2):
                rows[at] = self._ns(rows[at]) << 8 | rows[at] & 255
        return rows

    def _ns(self, word: int) -> int:
        return int((word >> 8) * self._ns_per_tick + 0.5)

    # --- events ---

    @property
    def threads(self) -> list[ThreadInfo]:
        """The threads; `Event.thread` is an index of it."""
        return self.tree.threads

    @property
    def cut(self) -> str:
        """What `max_events` cut off: "early" or "late" events, or "" for nothing."""
        early = "early" if self.tree.is_cut_early else ""
        return early or ("late" if self.tree.is_cut_late else "")

    @property
    def dropped(self) -> int:
        """How many events were cut off."""
        return self.tree.events_dropped

    @property
    def tracebacks(self) -> list[TracebackSnapshot]:
        """The exceptions that were raised, where these were asked for."""
        if self._tracebacks is None:
            from frametools.snapshot import read_tracebacks

            self._tracebacks = read_tracebacks(self.tree.info.get("tracebacks"))
        return self._tracebacks

    @tracebacks.setter
    def tracebacks(self, snapshots: list[TracebackSnapshot]) -> None:
        """Put tracebacks beside the events; `save` keeps them."""
        self._tracebacks = snapshots

    def __len__(self) -> int:
        """Count the events of all threads."""
        return sum(map(len, self._rows.values())) // 2

    def __iter__(self) -> Iterator[Event]:
        """Give the events of all threads in the order of time."""
        if len(self._rows) == 1:
            return self.thread(*self._rows)
        return merge(
            *map(self.thread, sorted(self._rows)), key=lambda event: event.time
        )

    def thread(self, index: int) -> Iterator[Event]:
        """Give the events of one thread in their order; about 1 us each."""
        kinds = [EventKind(max(1, number)) for number in range(20)]
        depths, refs = self.tree.depths, self._refs()
        frames: dict[int, int] = {}
        for time, number, node, argument in self.rows(index):
            kind, target = kinds[number], None
            if number in _MOVES:
                frames[node] = argument
                argument = 0
            elif number in _NAMING:
                target = self._name(argument)
                argument = 0
            frame = frames.get(node, 0)
            yield Event(
                kind, refs[node], depths[node], frame, time, index, argument, target
            )

    def rows(self, index: int) -> Iterator[tuple[int, int, int, int]]:
        """Give the events of one thread as (time, kind, node, argument); 0.3 us each.

        The time is in ns. The argument of an event that enters or leaves a frame is
        the frame's serial, of RAISE, CALL and their kin an index into `tree.codes`.
        """
        rows, scale = self._rows.get(index, array("Q")), self._ns_per_tick
        for word, node, argument in layout.ROW.iter_unpack(rows):
            yield int((word >> 8) * scale + 0.5), word & 255, node, argument

    def _refs(self) -> list[CodeRef]:
        tree = self.tree
        return [layout.LOST, *(tree.ref(node) for node in range(1, len(tree.parent)))]

    def _name(self, index: int) -> CodeRef:
        codes = self.tree.codes
        return codes[index] if index < len(codes) else layout.LOST

    # --- what they say ---

    def frames(self) -> list[FrameLife]:
        """Give the life of each frame, ordered by first event; O(events)."""
        from frametools.recording.lives import frame_lives

        return frame_lives(self)

    def first_difference(self, other: Recording) -> Difference | None:
        """Find where two recordings part; None if they are equal; O(events)."""
        from frametools.recording.compare import first_difference

        return first_difference(self, other)

    def __eq__(self, other: object) -> bool:
        """Tell if the same happened in both, whenever it did."""
        if not isinstance(other, Recording):
            return NotImplemented
        return self.first_difference(other) is None

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Recording: {len(self)} events in {len(self.threads)} threads>"
