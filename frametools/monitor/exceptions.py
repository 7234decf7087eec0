"""`ExceptionLog`: what was raised, what it left, and where it was handled.

    sys.monitoring (3.12+) --.
                              }--> _sightings: rows by type and function, snapshots
    sys.settrace (3.11) -----'

Nothing of the program is held: no exception, traceback or frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._python import HAS_MONITORING
from frametools.monitor._sightings import Sightings
from frametools.monitor.backend import HIDDEN

if TYPE_CHECKING:
    from typing import Protocol

    from frametools.snapshot import TracebackSnapshot

    class Hook(Protocol):
        """Where the events come from."""

        def start(self) -> None:
            """Begin; MonitorError if another tool has the place."""

        def stop(self) -> None:
            """End, and give the place back."""


class ExceptionLog:
    """Counts exceptions by type and raising function, and keeps the first whole.

    Each exception counts once, however many frames it passes; one that is handled
    and raised again is not handled. About 2 us per frame that an exception passes;
    `str` of an exception is asked for only where its traceback is kept: the first
    `max_tracebacks`, and one example per row. On 3.11 it is a trace function, which
    makes every call slower, and a handler is known by its frame only.
    """

    def __init__(
        self, *, max_tracebacks: int = 1000, hide: tuple[str, ...] = HIDDEN
    ) -> None:
        """Make the log; frames of files that begin with `hide` are not seen."""
        self._sightings = Sightings(max_tracebacks)
        self._hook = _hook(self._sightings, hide)

    def start(self) -> None:
        """Begin; MonitorError if there is no place for it."""
        self._hook.start()

    def stop(self) -> None:
        """End; may be called again."""
        self._hook.stop()

    def summary(self) -> list[dict[str, Any]]:
        """Give a row per type and raising function, the most raised first.

        `raised`, `handled` (by Python code), `escaped` (from the outermost frame of
        its thread), `cleared` (by C code, such as hasattr or a for loop, or still on
        the way), `control_flow`, and one `example`, as a TracebackSnapshot's dict.
        """
        rows = sorted(self._sightings.rows.values(), key=lambda row: -row.raised)
        return [row.to_dict() for row in rows]

    def snapshots(self) -> list[TracebackSnapshot]:
        """Give the tracebacks kept, in the order in which they were raised."""
        return [draft.snapshot() for draft in self._sightings.drafts]


def _hook(sightings: Sightings, hide: tuple[str, ...]) -> Hook:
    if HAS_MONITORING:
        from frametools.monitor._exception_events import Events

        return Events(sightings, hide)
    from frametools.monitor._exception_trace import Trace

    return Trace(sightings, hide)
