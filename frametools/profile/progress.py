"""The line that tells, on a terminal, how a long run gets on.

It stands at the right end of the row the cursor is in, and the cursor returns to where
it was: a prompt or half a line of the program's stays whole. Nothing is written
while the process is in the background or has the terminal for itself (curses).

The thread is a bare one of `_thread`: `threading` does not know it, and it keeps no
process alive. It ends before a fork, which warns of threads from 3.12 on.
"""

from __future__ import annotations

import _thread
import os
import time

from frametools._python import COUNTS_THREADS_AFTER_HOOKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.monitor._core import TreeBuilder
    from frametools.profile._output import Output

PATIENCE = 3.0
"""Seconds before the line is first drawn."""
PERIOD = 1.0
"""Seconds between two lines."""

_running: list[Progress] = []
_hooks: list[str] = []


class Progress:
    """Draws the line from a thread of its own, until `stop`."""

    def __init__(self, builder: TreeBuilder, output: Output) -> None:
        self.builder = builder
        self.output = output
        self.began = time.monotonic()
        self.stopping = _thread.allocate_lock()
        self.stopped = _thread.allocate_lock()
        self.native_id = 0
        self.is_on = False
        self.is_drawn = False

    def start(self) -> None:
        """Begin, now and after each fork that this process makes."""
        if not _running:
            _register()
        _running.append(self)
        self.resume()

    def stop(self) -> None:
        """Clear the line; the thread has ended when this returns."""
        if self in _running:
            _running.remove(self)
        self.pause()

    def resume(self) -> None:
        """Start the thread."""
        self.stopping.acquire()
        self.stopped.acquire()
        self.is_on = True
        _thread.start_new_thread(self._run, ())

    def pause(self) -> None:
        """End the thread, and wait until the system has forgotten it."""
        if not self.is_on:
            return
        self.is_on = False
        self.stopping.release()
        self.stopped.acquire()
        self.stopped.release()
        _wait_for_end(self.native_id)

    def forget(self) -> None:
        """In a forked child: there is no thread, and nothing to draw."""
        self.is_on = False

    def _run(self) -> None:
        try:
            self.builder.ignore_this_thread()
            self.native_id = _thread.get_native_id()
            left = PATIENCE - (time.monotonic() - self.began)
            while not self.stopping.acquire(timeout=max(left, PERIOD)):
                left = self._draw()
            self.stopping.release()
            self._clear()
        except BaseException:
            pass
        finally:
            self.stopped.release()

    def _draw(self) -> float:
        """Draw; returns the seconds to wait, more where figures are dear."""
        if not (self.output.is_foreground() and self.output.is_ours()):
            return PERIOD
        asked = time.perf_counter()
        text = describe(self.builder.stats(), time.monotonic() - self.began)
        cost = time.perf_counter() - asked
        column = max(self.output.width - len(text) + 1, 1)
        self.output.write(f"\x1b7\x1b[{column}G\x1b[K\x1b[2m{text}\x1b[0m\x1b8")
        self.is_drawn = True
        return cost * 100

    def _clear(self) -> None:
        if self.is_drawn:
            self.output.write("\x1b7\x1b[K\x1b8")
            self.is_drawn = False


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


def _wait_for_end(native_id: int) -> None:
    """Wait for the thread to leave the system's list, for 20 ms at most."""
    path = f"/proc/self/task/{native_id}"
    for _ in range(200):
        if not native_id or not os.path.exists(path):
            return
        time.sleep(0.0001)


def _register() -> None:
    """Pause around forks; hooks of os cannot be taken back, so once."""
    if _hooks or not hasattr(os, "register_at_fork"):
        return
    _hooks.append("register_at_fork")
    os.register_at_fork(
        before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child
    )


def _before_fork() -> None:
    for progress in _running:
        progress.pause()


def _in_parent() -> None:
    """Go on, but where the fork would warn of the thread: there the line ends."""
    if COUNTS_THREADS_AFTER_HOOKS:
        return
    for progress in _running:
        progress.resume()


def _in_child() -> None:
    for progress in _running:
        progress.forget()
