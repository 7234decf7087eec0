"""A gauge of the frames that exceptions keep: how many now, which, since when.

    an exception leaves a frame --> PY_UNWIND --> a sentinel in its f_trace
    the frame lets its variables go ------------> the sentinel dies: one less

The sentinel dies exactly then: with the frame, by `frame.clear()` or
`traceback.clear_frames()`, or when the collector breaks a cycle. Only frames that an
exception has left are seen: not the one that handled it, nor the callers that are kept
through f_back.

Cost: none while nothing is raised, for no event fires; then 0.6 us (3.14) to 0.9 us for
each frame that an exception leaves.

The callback is a Python function and takes a level of recursion: an exception that
leaves the one frame at the very limit becomes a RecursionError.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NamedTuple
from weakref import ref

from frametools._paths import here, printable, short_path
from frametools._python import HAS_MONITORING
from frametools.monitor.backend import MonitorError
from frametools.monitor.pep669 import give_back, take_tool_id
from frametools.retention.arguments import check_callable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, Self

    Clock = Callable[[], float]

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
"""Begins the file names of our own code."""


class UnwoundCode(NamedTuple):
    """Frames of one function that exceptions keep now."""

    function: str
    """`co_qualname` of the code."""
    file: str
    line: int
    """Where the function begins: `co_firstlineno`."""
    frames: int
    """How many there are."""
    oldest: float
    """Seconds since an exception left the first of them."""


class _Sentinel:
    """Sits in a frame's `f_trace`: a trace function that does nothing.

    It knows of no gauge: each gauge has a weak reference to it. So several may count
    the same frame, and one that has stopped hears of nothing.
    """

    __slots__ = ("__weakref__",)

    def __call__(self, *_args: object) -> _Sentinel:
        """Go on tracing with this: what `sys.settrace` expects."""
        return self


class UnwindGauge:
    """The frames that exceptions keep now; `track_unwinding` makes one.

    In all threads, from its making until `stop()` or the end of a `with` block. It
    keeps no frame, no code and no exception: strings and numbers only.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Begin; MonitorError if no tool id is free. `clock` must not raise."""
        self._tool_id: int | None = take_tool_id("frametools unwinding")
        self._clock = clock
        self._armed: dict[ref[_Sentinel], _Left] = {}
        self._numbers = [0, 0]
        monitoring = sys.monitoring
        event = monitoring.events.PY_UNWIND
        callback = _callback(self._armed, self._numbers, clock)
        monitoring.register_callback(self._tool_id, event, callback)
        monitoring.set_events(self._tool_id, event)

    def stop(self) -> None:
        """Stop counting: nothing is left but `total` and `unseen`. May come again.

        The tool id is free again. Sentinels in frames that live on do nothing.
        """
        tool_id, self._tool_id = self._tool_id, None
        if tool_id is not None:
            give_back(tool_id, ("PY_UNWIND",))
        self._armed.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def __del__(self) -> None:
        if self.__dict__.get("_tool_id") is not None:
            self.stop()

    def __repr__(self) -> str:
        ended = ", stopped" if self._tool_id is None else ""
        return f"<UnwindGauge: {self.count:,} kept of {self.total:,}{ended}>"

    def __str__(self) -> str:
        """Give `by_code` as text: how many frames, since when, whose."""
        rows = [
            f"{row.frames:>7,}  {row.oldest:>8,.1f} s  {printable(row.function)} "
            f"({printable(short_path(row.file, here()))}:{row.line})"
            for row in self.by_code()
        ]
        if not rows:
            return "exceptions keep no frame"
        return "\n".join([" frames    oldest  function", *rows])

    @property
    def count(self) -> int:
        """Frames that exceptions keep now."""
        return len(self._armed)

    @property
    def total(self) -> int:
        """Frames that were counted so far, most of them released again."""
        return self._numbers[0]

    @property
    def unseen(self) -> int:
        """Frames that were not counted, since a debugger or tracer has its place."""
        return self._numbers[1]

    @property
    def oldest(self) -> float | None:
        """Seconds since an exception left the first of the frames; None without any."""
        # list() is one step of C, in which no frame is released: 3.12 and later collect
        # between bytecodes only.
        since = [left[0] for left in list(self._armed.values())]
        return self._clock() - min(since) if since else None

    def by_code(self) -> list[UnwoundCode]:
        """Return the functions whose frames are kept, that with the most first."""
        return sorted(self._rows(), key=lambda row: (-row.frames, -row.oldest, row))

    def ages(self) -> list[UnwoundCode]:
        """Return the functions whose frames are kept, that with the oldest first."""
        return sorted(self._rows(), key=lambda row: (-row.oldest, row))

    def _rows(self) -> list[UnwoundCode]:
        found: dict[tuple[str, str, int], list[float]] = {}
        for since, function, file, line in list(self._armed.values()):
            found.setdefault((function, file, line), []).append(since)
        now = self._clock()
        return [UnwoundCode(*p, len(s), now - min(s)) for p, s in found.items()]


if TYPE_CHECKING:
    _Left = tuple[float, str, str, int]


def _callback(
    armed: dict[ref[_Sentinel], _Left], numbers: list[int], clock: Clock
) -> Callable[[CodeType, int, BaseException], object]:
    """Make what PY_UNWIND calls.

    What is left of a dead sentinel is removed by a method of C, `dict.pop`, without a
    frame: it cannot fail, for what it looks for is there. The numbers are counted
    between two points at which threads take turns.
    """
    frame_at, forget = sys._getframe, armed.pop

    def unwound(code: CodeType, _offset: int, _error: BaseException) -> None:
        try:
            file = code.co_filename
            if file.startswith(_OURS):
                return
            frame = frame_at(1)
            sentinel: Any = frame.f_trace
            if sentinel is None:
                sentinel = frame.f_trace = _Sentinel()
            elif type(sentinel) is not _Sentinel:  # or it is another gauge's
                numbers[1] += 1
                return
            left = clock(), code.co_qualname, file, code.co_firstlineno
            armed[ref(sentinel, forget)] = left
            numbers[0] += 1
        except (MemoryError, RecursionError):
            # What a signal handler raises here is the program's, and goes on.
            return

    return unwound


def track_unwinding(clock: Clock = time.monotonic) -> UnwindGauge:
    """Begin to count the frames that exceptions keep: now, since when, of which code.

        with track_unwinding() as gauge:
            serve()
            print(gauge.count, gauge.oldest, gauge.by_code())

    Python 3.12 and later. Each gauge takes a `sys.monitoring` tool id; MonitorError if
    none is free. `clock` gives seconds. Nothing is slower while nothing is raised; a
    frame that an exception leaves costs 0.6 to 0.9 us more. TypeError if `clock` cannot
    be called.
    """
    check_callable(clock, "clock is a function that gives seconds")
    if not HAS_MONITORING:
        raise MonitorError("track_unwinding needs sys.monitoring: Python 3.12 or later")
    return UnwindGauge(clock)
