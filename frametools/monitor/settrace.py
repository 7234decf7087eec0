"""sys.setprofile on 3.11, where sys.monitoring does not exist.

The builder itself hooks in, in C through PyEval_SetProfile, in Python through
sys.setprofile, and derives the six events from 'call' and 'return'.
"""

from __future__ import annotations

import sys

from frametools.monitor.backend import MonitorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.monitor._core import TreeBuilder


class Profile:
    """Events by the profile function of every thread, those to come included.

    A program that sets a profile function of its own takes the thread's only
    place for one: from there on this thread is not seen. What `wants` leaves out is
    not shown, and costs what it costs.
    """

    def __init__(self, wants: Callable[[CodeType], bool] | None = None) -> None:
        self._builder: TreeBuilder | None = None
        self.wants = wants

    def start(self, builder: TreeBuilder, skip: int = 0) -> None:
        """Start `builder` and its hook; MonitorError if the place is taken."""
        taken = sys.getprofile()
        if self._builder is not None or taken is not None:
            name = getattr(taken, "__qualname__", None) or type(taken).__name__
            raise MonitorError(f"sys.setprofile is taken, by {name}")
        self._builder = builder
        builder.start(skip + 1)
        builder.attach_profile()

    def stop(self) -> None:
        """Take the hook out of every thread; stop the builder."""
        builder, self._builder = self._builder, None
        if builder is not None:
            builder.detach_profile()
            builder.stop()
