"""Chooses between the walks in C and in Python; the only place that does.

Those in C are there when the extension was built; `FRAMETOOLS_PURE=1` takes those in
Python all the same.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.retention.heap._heap import carriers, frames_in, referrers

__all__ = ["AT_ONCE", "NAME", "carriers", "frames_in", "referrers"]

NAME = "python"
if os.environ.get("FRAMETOOLS_PURE", "") in ("", "0"):
    try:
        from frametools.retention.heap import _heap

        NAME = "c"
    except ImportError:
        pass

AT_ONCE = 10_000 if NAME == "c" else 20
"""How many targets `referrers` is best given: in Python their number costs time."""

if not TYPE_CHECKING:
    if NAME == "c":
        carriers, frames_in = _heap.carriers, _heap.frames_in
        referrers = _heap.referrers
    else:
        from frametools.retention.heap.walks import carriers, frames_in, referrers
