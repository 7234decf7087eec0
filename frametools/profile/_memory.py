"""`--memory`: the size of the process, sampled, charged to the nodes of the tree.

Every 10 ms a thread of ours asks how large the process is and where its threads are.
What it grew or shrank by since the last sample is charged to the innermost node of the
thread that has used most CPU since; the largest size that was seen there is its peak.

`--memory-alloc` asks tracemalloc instead: what Python's allocators have given out,
to the byte, and the peak between two samples.
"""

from __future__ import annotations

import os
import time

from frametools._bare_thread import BareThread
from frametools.monitor.backend import MonitorError
from frametools.profile._json import encode

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.monitor._core import TreeBuilder

    Read = Callable[[], tuple[int, int]]
    """Gives bytes now, and the most there were since it was last asked."""

MEMORY = 4
"""Kind of META records; see docs/data-file.md."""
PERIOD = 0.01
"""Seconds between two samples; more where one costs more than a hundredth of that."""
_FIRST_NOTE = 16
"""Samples after which the data are first noted, and then whenever they doubled: for a
process that is killed."""
STATM = "/proc/self/statm"


def resident(statm: str = STATM) -> Read:
    """Give a function that reads RSS: from `statm`, by psutil where there is none.

    MonitorError where psutil is missing too.
    """
    try:
        os.stat(statm)
    except OSError:
        return _by_psutil()
    page = os.sysconf("SC_PAGE_SIZE")

    def read() -> tuple[int, int]:
        with open(statm, "rb") as file:
            size = int(file.read().split()[1]) * page
        return size, size

    return read


def _by_psutil() -> Read:
    try:
        from psutil import Process
    except ImportError:
        raise MonitorError("--memory needs psutil here; it is not installed") from None
    memory_info = Process().memory_info

    def read() -> tuple[int, int]:
        size = int(memory_info().rss)
        return size, size

    return read


def traced() -> Read:
    """Give a function that reads what tracemalloc counts, which is begun by this.

    Not the module but its core: that one imports ten others. MonitorError without it.
    """
    try:
        import _tracemalloc as core
    except ImportError:
        raise MonitorError("--memory-alloc needs tracemalloc") from None
    core.start(1)

    def read() -> tuple[int, int]:
        now, most = core.get_traced_memory()
        core.reset_peak()
        return now, most

    return read


class Sampler(BareThread):
    """Samples until `finish`; what is charged stands in `nodes`."""

    def __init__(self, builder: TreeBuilder, source: str, read: Read) -> None:
        super().__init__()
        self.builder = builder
        self.source = source
        self.read = read
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all: in a forked child, that is its parent's."""
        self.nodes: dict[int, list[int]] = {}
        """Samples, net bytes and peak, by the id of a node."""
        self.cpu: dict[int, int] = {}
        self.samples = 0
        self.next_note = _FIRST_NOTE
        self.first = self.last = self.read()[0]

    def start(self) -> None:
        """Begin, now and after each fork; what is there already is not counted."""
        self.begin_anew()
        super().start()

    def begin(self) -> float:
        """Let the thread not be seen."""
        self.builder.ignore_this_thread()
        return PERIOD

    def work(self) -> float:
        """Take a sample; returns the seconds to wait."""
        began = time.thread_time()
        self.sample()
        return max(PERIOD, 100 * (time.thread_time() - began))

    def sample(self) -> None:
        """Charge the change since the last sample, and the peak."""
        size, peak = self.read()
        node = self._busiest()
        if not node:
            return
        figures = self.nodes.get(node)
        if figures is None:
            figures = self.nodes[node] = [0, 0, 0]
        figures[0] += 1
        figures[1] += size - self.last
        figures[2] = max(figures[2], peak)
        self.last = size
        self.samples += 1
        if self.samples >= self.next_note:
            self.next_note *= 2
            self.note()

    def _busiest(self) -> int:
        """Find the innermost node of the thread that ran most; 0: there is none."""
        found, most = 0, -1
        for thread, node, cpu in self.builder.running():
            used = cpu - self.cpu.get(thread, 0)
            self.cpu[thread] = cpu
            if used > most:
                found, most = node, used
        return found

    def finish(self) -> None:
        """End: what is left is charged now, and all is noted. Raises nothing."""
        is_whole = self.is_on
        try:
            self.stop()
            self.sample()
            self.note(is_whole=is_whole)
        except Exception:
            return

    def note(self, *, is_whole: bool = True) -> None:
        """Put it into the data file: a later note replaces the earlier ones."""
        rows = sorted(self.nodes.items())
        value = {
            "version": 1,
            "source": self.source,
            "period_ms": PERIOD * 1e3,
            "samples": self.samples,
            "first": self.first,
            "is_whole": is_whole,
            "nodes": [node for node, _ in rows],
            "counts": [figures[0] for _, figures in rows],
            "net": [figures[1] for _, figures in rows],
            "peak": [figures[2] for _, figures in rows],
        }
        self.builder.note(MEMORY, encode(value).encode())

    def forget(self) -> None:
        """In a forked child: begin anew there."""
        super().forget()
        try:
            self.begin_anew()
            self.resume()
        except Exception:
            return
