"""The line that tells, on a terminal, how a long run gets on.

It stands at the right end of the row the cursor is in, and the cursor returns to where
it was: a prompt or half a line of the program's stays whole. Nothing is written
while the process is in the background or has the terminal for itself (curses).
"""

from __future__ import annotations

import os
import time

from frametools._bare_thread import BareThread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools._output import Output
    from frametools.monitor._core import TreeBuilder

PATIENCE = 3.0
"""Seconds before the line is first drawn."""
PERIOD = 1.0
"""Seconds between two lines."""


class Progress(BareThread):
    """Draws the line, until `stop`."""

    def __init__(self, builder: TreeBuilder, output: Output) -> None:
        super().__init__()
        self.builder = builder
        self.output = output
        self.began = time.monotonic()
        self.is_drawn = False

    def begin(self) -> float:
        """Let the thread not be seen; the first line comes when patience ends."""
        self.builder.ignore_this_thread()
        return max(PATIENCE - (time.monotonic() - self.began), PERIOD)

    def work(self) -> float:
        """Draw; returns the seconds to wait, more where figures are dear."""
        return max(self._draw(), PERIOD)

    def end(self) -> None:
        """Clear the line."""
        if self.is_drawn:
            self.output.write("\x1b7\x1b[K\x1b8")
            self.is_drawn = False

    def _draw(self) -> float:
        if not (self.output.is_foreground() and self.output.is_ours()):
            return PERIOD
        asked = time.perf_counter()
        text = describe(self.builder.stats(), time.monotonic() - self.began)
        cost = time.perf_counter() - asked
        column = max(self.output.width - len(text) + 1, 1)
        self.output.write(f"\x1b7\x1b[{column}G\x1b[K\x1b[2m{text}\x1b[0m\x1b8")
        self.is_drawn = True
        return cost * 100


def describe(stats: dict[str, int], elapsed: float) -> str:
    """Make the line's text: elapsed time, events, depth, resident memory."""
    minutes, seconds = divmod(int(elapsed), 60)
    clock = f"{minutes}:{seconds:02}" if minutes else f"{seconds} s"
    parts = [clock, f"{_short(stats['events'])} events", f"depth {stats['depth']}"]
    resident = _resident()
    if resident:
        parts.append(f"{resident >> 20} MiB")
    return " [" + ", ".join(parts) + "]"


def _short(number: int) -> str:
    for power, name in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= power:
            return f"{number / power:.1f} {name}"
    return str(number)


def _resident() -> int:
    """Resident bytes now, 0 if unknown; psutil would show in sys.modules."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
