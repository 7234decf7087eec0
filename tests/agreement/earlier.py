"""What earlier programs of a batch left is soon most of what the collector sees."""

from __future__ import annotations

import gc


def set_aside() -> None:
    """Collect, and freeze the rest: it is no part of the programs that follow.

    What a program makes itself is seen, so it is called before the first of its runs.
    """
    gc.collect()
    gc.collect()  # a generator that the first one closed leaves its frame
    gc.freeze()
