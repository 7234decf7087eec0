"""EXPLAIN: the frames that are still alive, who holds them, how much they keep.

    watch, snapshot, diff, live     what is kept            watching.py
    why, assert_collectable         one object              asking.py
    release                         let go                  releasing.py
    track_unwinding                 a gauge of the frames that exceptions keep

    heap/ -----> groups/ ----> holders/ ----> sizes/ ----> leaks -----> report/
    which        what leads    who holds      bytes that   plain        text, JSON
    frames       to them       that: roots,   only they    data
    are new                    edges, paths   keep

Looking runs no code of the program and keeps nothing of it: attributes are read through
C descriptors, objects compared by identity.
"""

from __future__ import annotations

from frametools.retention.asking import assert_collectable, why
from frametools.retention.heap.census import notes
from frametools.retention.leaks import (
    Holder,
    KeptFrame,
    KeptLocal,
    Kind,
    Leak,
    LeakError,
    Through,
)
from frametools.retention.releasing import release
from frametools.retention.unwinding import UnwindGauge, track_unwinding
from frametools.retention.watching import Snapshot, Watch, diff, live, snapshot, watch

__all__ = [
    "Holder",
    "KeptFrame",
    "KeptLocal",
    "Kind",
    "Leak",
    "LeakError",
    "Snapshot",
    "Through",
    "UnwindGauge",
    "Watch",
    "assert_collectable",
    "diff",
    "live",
    "notes",
    "release",
    "snapshot",
    "track_unwinding",
    "watch",
    "why",
]
