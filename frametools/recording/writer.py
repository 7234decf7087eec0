"""Rows of events as they come: 16 bytes each, and never more than asked for."""

from __future__ import annotations

import sys
from array import array
from collections import deque

from frametools._image import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools._image import Image

_CHUNK = 4096
"""Rows that are given up together when the early ones go."""
NODE, ARGUMENT = (0, 32) if sys.byteorder == "little" else (32, 0)
"""By how much a row's second word has these shifted."""


class Writer:
    """Packs events into the rows of the data file, thread by thread.

    At most `max_events` rows stay: with `keep="first"` those after are dropped, with
    "last" the oldest are, in chunks of 4,096 or fewer. `count` and `dropped` tell.
    """

    def __init__(self, max_events: int = 10_000_000, keep: str = "first") -> None:
        if keep not in {"first", "last"}:
            raise ValueError(f'keep is "first" or "last", not {keep!r}')
        self.max_events = max_events
        self.keeps_last = keep == "last"
        self.count = 0
        self.dropped = 0
        self._chunk_words = 2 * max(1, min(_CHUNK, max_events // 8))
        self._chunks: deque[tuple[int, array[int]]] = deque()
        self._current: dict[int, array[int]] = {}

    def add(
        self, thread: int, kind: int, node: int, time: int, argument: int = 0
    ) -> None:
        """Append an event: `time` is in ticks since the start; about 0.4 us."""
        rows = self._current.get(thread)
        if rows is None or len(rows) >= self._chunk_words:
            rows = self._chunk(thread)
        if self.count >= self.max_events and not self._make_room():
            self.dropped += 1
            return
        rows.append(time << 8 | kind)
        rows.append(node << NODE | (argument & 0xFFFFFFFF) << ARGUMENT)
        self.count += 1

    @property
    def chunk_words(self) -> int:
        """How long the rows of `extend` may be: two words each."""
        return self._chunk_words

    def extend(self, thread: int, rows: array[int]) -> None:
        """Append rows that are packed already, as `NODE` and `ARGUMENT` say.

        They are at most `chunk_words` long, and must not be changed afterwards.
        """
        over = self.count + len(rows) // 2 - self.max_events
        if over > 0 and not self.keeps_last:
            self.dropped += over
            del rows[max(0, len(rows) - 2 * over) :]
        self._chunks.append((thread, rows))
        self.count += len(rows) // 2
        self._current.pop(thread, None)
        while self.count > self.max_events:
            _, oldest = self._chunks.popleft()
            self.count -= len(oldest) // 2
            self.dropped += len(oldest) // 2

    def _chunk(self, thread: int) -> array[int]:
        rows = self._current[thread] = array("Q")
        self._chunks.append((thread, rows))
        return rows

    def _make_room(self) -> bool:
        """Drop the oldest chunk; False if nothing may go."""
        if not self.keeps_last or not self.count:
            return False
        while self.count >= self.max_events:
            thread, rows = self._chunks.popleft()
            self.count -= len(rows) // 2
            self.dropped += len(rows) // 2
            del rows[:]
            if rows is self._current[thread]:
                self._chunks.append((thread, rows))
        return True

    def put(self, image: Image) -> None:
        """Put the rows, and what was cut off, into a data file."""
        image.flags |= layout.RECORDED
        image.events_dropped += self.dropped
        if self.dropped:
            image.flags |= layout.CUT_EARLY if self.keeps_last else layout.CUT_LATE
        for thread, rows in self._chunks:
            image.events.setdefault(thread, array("Q")).extend(rows)
