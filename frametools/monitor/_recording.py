"""record(func) and recording(): the ordered events of a call or a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._filters import wanted
from frametools._python import HAS_MONITORING
from frametools.monitor import _twin
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, MonitorError, build, choose
from frametools.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from frametools.monitor._core import Recorder
    from frametools.monitor.backend import Backend
    from frametools.monitor.exceptions import ExceptionLog

    _Work = tuple[Backend, Recorder, ExceptionLog | None]


EXTRA_EVENTS = frozenset({"LINE", "RAISE", "INSTRUCTION"}) | (
    {"CALL", "JUMP", "BRANCH", "STOP_ITERATION"} if HAS_MONITORING else frozenset()
)
"""What this version can record besides the six events that enter and leave frames."""


class recording:  # noqa: N801 -- used as a function is, as contextlib's are
    """Record the events of a block in every thread; `.recording` is there after it.

    `events` adds kinds to the six that enter and leave frames: "LINE", "RAISE"
    (with RERAISE and EXCEPTION_HANDLED), "CALL" (with C_RETURN and C_RAISE), and
    what is known by its offset, "INSTRUCTION", "JUMP", "BRANCH" (from 3.14 on
    BRANCH_LEFT and BRANCH_RIGHT) and "STOP_ITERATION"; 3.11 has LINE, RAISE and
    INSTRUCTION only. `c_calls` gives C functions nodes of their own.
    `max_events` bounds the rows, 16 bytes each, and `keep` says which stay: "first"
    or "last".
    With `tracebacks`, `.recording.tracebacks` has a `TracebackSnapshot` for each
    exception. `include` and `exclude` are globs on file paths and qualified names.

    Raises MonitorError if monitoring is taken, or an event is not known here.
    Nothing of the program is kept alive, and what the block raises goes through.
    """

    recording: Recording

    def __init__(
        self,
        *,
        events: Sequence[str] = (),
        tracebacks: bool = False,
        c_calls: bool = False,
        max_events: int = 10_000_000,
        keep: str = "first",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> None:
        unknown = set(events) - EXTRA_EVENTS
        if unknown:
            raise MonitorError(f"no such events here: {', '.join(sorted(unknown))}")
        self._filter = wanted(include, exclude)
        self._tracebacks = tracebacks
        self._options = {
            "max_events": max_events,
            "keep": keep,
            "events": tuple(events),
            "c_calls": c_calls,
        }
        self._work: _Work | None = None

    def _start(self, skip: int) -> None:
        if self._work is not None:
            raise MonitorError("this recording is running already")
        backend, log = choose(self._filter), None
        options: dict[str, Any] = self._options
        builder = build(_twin.Recorder, wants=backend.wants, hide=HIDDEN, **options)
        if self._tracebacks:
            from frametools.monitor.exceptions import ExceptionLog

            log = ExceptionLog()
            log.start()
        try:
            backend.start(builder, skip + 1)
        except BaseException:
            if log is not None:
                log.stop()
            raise
        self._work = backend, builder, log

    def __enter__(self) -> Self:
        self._start(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._work is None:
            return
        backend, builder, log = self._work
        backend.stop()
        # There is room for four builders only, and one may be kept as `recording`.
        self._work = None
        if log is not None:
            log.stop()
        self.recording = Recording.from_image(builder.image())
        if log is not None:
            self.recording.tracebacks = log.snapshots()


def record(
    func: Callable[..., object],
    /,
    *args: Any,
    events: Sequence[str] = (),
    tracebacks: bool = False,
    c_calls: bool = False,
    max_events: int = 10_000_000,
    keep: str = "first",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    **kwargs: Any,
) -> Recording:
    """Run `func(*args, **kwargs)` and return the `Recording` of its events.

    `func` is the outermost frame of its thread there, with depth 1. The options
    are those of `recording`, which is also the way to get at the events of a call
    that raises: here its exception goes through, and the recording with it. What
    `func` returns is dropped.
    """
    run = recording(
        events=events,
        tracebacks=tracebacks,
        c_calls=c_calls,
        max_events=max_events,
        keep=keep,
        include=include,
        exclude=exclude,
    )
    run._start(ALL_FRAMES)
    try:
        func(*args, **kwargs)
    finally:
        run.__exit__(None, None, None)
    return run.recording
