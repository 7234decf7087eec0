"""Ordered events in 16 bytes each: the common language of `vm` and `monitor`.

    Writer -- rows --> data file -- rows --> Recording -- thread(i), iter --> Event
                                                |-- frames() --> FrameLife
                                                |-- == , first_difference()
                                                '-- .tree , .tracebacks

`recording` holds `Recording`, `lives` the lifetimes of frames, `compare` what makes two
recordings equal, `writer` the bounded rows, `builder` makes a whole recording, names
and tree included, for one who has no call tree of his own.
"""

from __future__ import annotations

from frametools.recording.builder import Builder
from frametools.recording.compare import Difference
from frametools.recording.lives import FrameLife
from frametools.recording.recording import Recording
from frametools.recording.writer import Writer

__all__ = ["Builder", "Difference", "FrameLife", "Recording", "Writer"]
