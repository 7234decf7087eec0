"""record(vm, function) and recording(vm): the ordered events of what a VM runs.

The events, their codes, depths and frames are those that `monitor.record` writes of the
same program: `vm.run(p)[1] == monitor.record(p)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._filters import wanted
from frametools._python import HAS_BRANCH_SIDES, HAS_MONITORING
from frametools.vm._builtins import ValueError, bool, frozenset, set, sorted
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    C_RAISE,
    C_RETURN,
    CALL,
    EXCEPTION_HANDLED,
    LINE,
    NUMBERS,
    PY_RESUME,
    PY_RETURN,
    PY_START,
    PY_THROW,
    PY_UNWIND,
    PY_YIELD,
    RAISE,
    RERAISE,
)
from frametools.vm.instrumentation import add_tool, remove_tool
from frametools.vm.recorder import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from frametools.recording.recording import Recording
    from frametools.vm.vm import VM

_GROUPS = {
    "RAISE": (RAISE, RERAISE, EXCEPTION_HANDLED) if HAS_MONITORING else (RAISE,),
    "CALL": (CALL, C_RETURN, C_RAISE),
    "BRANCH": (BRANCH_LEFT, BRANCH_RIGHT) if HAS_BRANCH_SIDES else (BRANCH,),
}
"""Words that stand for several events, as in `monitor.record`."""

_SIX = frozenset({PY_START, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND})


class recording:  # noqa: N801 -- used as a function is, as contextlib's are
    """Record what a VM runs in a block; `.recording` is there after it.

    `events` adds kinds to the six that enter and leave frames: "LINE", "RAISE" (with
    RERAISE and EXCEPTION_HANDLED), "CALL" (with C_RETURN and C_RAISE), and those
    with their offset as argument: "INSTRUCTION", "JUMP", "BRANCH" (where it has
    sides: both), "STOP_ITERATION"; ValueError for another word. The other options
    are those of `monitor.recording`. About 1 us per event.
    """

    recording: Recording

    def __init__(
        self,
        vm: VM,
        *,
        events: Sequence[str] = (),
        max_events: int = 10_000_000,
        keep: str = "first",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> None:
        self._vm = vm
        self._rows = Rows(max_events, keep, wanted(include, exclude))
        self._callbacks = _callbacks(self._rows, events)
        self._is_filtered = bool(include or exclude)
        self._wrappers = {} if self._is_filtered else _wrappers(self._rows)

    def __enter__(self) -> Self:
        events = set(self._callbacks) - {C_RETURN, C_RAISE}
        rows = self._rows
        self._tool = add_tool(
            self._vm,
            events,
            self._callbacks,
            self._wrappers,
            takes_offsets=True,
            leaves_out=rows.leaves_out if self._is_filtered else None,
        )
        return self

    def __exit__(self, *_exc: object) -> None:
        remove_tool(self._vm, self._tool)
        self.recording = self._rows.recording()


def record(
    vm: VM,
    function: Callable[[], Any],
    *,
    events: Sequence[str] = (),
    max_events: int = 10_000_000,
    keep: str = "first",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> tuple[Any, Recording]:
    """Call a function that `vm` runs: returns its result and its `Recording`.

    The options are those of `recording`. What the function raises is raised here.
    """
    run = recording(
        vm,
        events=events,
        max_events=max_events,
        keep=keep,
        include=include,
        exclude=exclude,
    )
    with run:
        result = function()
    return result, run.recording


def _callbacks(rows: Rows, events: Sequence[str]) -> dict[int, Callable[..., None]]:
    callbacks: dict[int, Callable[..., None]] = {
        PY_START: rows.enters(PY_START, "calls"),
        PY_RESUME: rows.enters(PY_RESUME, "resumes"),
        PY_THROW: rows.enters(PY_THROW, "throws"),
        PY_RETURN: rows.leaves(PY_RETURN, "returns"),
        PY_YIELD: rows.leaves(PY_YIELD, "yields"),
        PY_UNWIND: rows.leaves(PY_UNWIND, "unwinds"),
    }
    for kind in sorted(_extra(events)):
        if kind == LINE:
            callbacks[kind] = rows.line
        elif kind in _GROUPS["RAISE"]:
            callbacks[kind] = rows.raised(kind)
        elif kind in _GROUPS["CALL"]:
            callbacks[kind] = rows.called(kind)
        else:
            callbacks[kind] = rows.placed(kind)
    return callbacks


def _extra(events: Sequence[str]) -> set[int]:
    unknown = [name for name in events if name not in NUMBERS]
    if unknown:
        raise ValueError(f"no such events: {', '.join(sorted(unknown))}")
    kinds = {kind for name in events for kind in _GROUPS.get(name, (NUMBERS[name],))}
    return kinds - _SIX


def _wrappers(rows: Rows) -> dict[int, Callable[..., Any]]:
    """Make what is faster than callbacks, where every code object is wanted.

    On 3.11 a frame may leave without having been told of: they do not ask for that.
    """
    wrappers = {
        PY_START: rows.entering(PY_START, "calls"),
        PY_RESUME: rows.entering(PY_RESUME, "resumes"),
    }
    if HAS_MONITORING:
        wrappers[PY_RETURN] = rows.leaving(PY_RETURN, "returns")
        wrappers[PY_YIELD] = rows.leaving(PY_YIELD, "yields")
    return wrappers
