"""Who watches what: tools, their events, and code brought up to date with them.

As Python/instrumentation.c does with bytecode, `Code.ops` is patched in place: where an
event is watched, the entry's handler is one of `instrumented.py`, which fires the event
and calls the handler that was there. What nobody watches costs nothing.

    VM.version --- is not ---> Code.version     found out at RESUME, or at once for the
        |                          |            frames on a stack of the VM
    Monitors: tools 0-5 (sys.monitoring), 6 (sys.setprofile), 7 (sys.settrace),
              8 and up: ours (recording, stepping), which the program never sees

Tools are asked in the order of CPython: the highest id first.
"""

from __future__ import annotations

from _thread import RLock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from frametools._python import CAN_LOCAL_UNWIND
from frametools.vm._builtins import (
    ValueError,
    any,
    enumerate,
    frozenset,
    id,
    list,
    max,
    set,
    sorted,
    tuple,
)
from frametools.vm.calling import remember
from frametools.vm.event_kinds import (
    EXCEPTION_HANDLED,
    LINE,
    NAMES,
    PLACED,
    PY_THROW,
    PY_UNWIND,
    RAISE,
    RERAISE,
)
from frametools.vm.frame import Owner
from frametools.vm.instrumented import instrumented
from frametools.vm.line_starts import line_starts
from frametools.vm.signals import request_in
from frametools.vm.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.vm.code import Code
    from frametools.vm.firing import Point
    from frametools.vm.thread import ThreadState
    from frametools.vm.vm import VM

PROFILE_ID, TRACE_ID, FIRST_INTERNAL_ID = 6, 7, 8
_INTERPRETER = Owner.INTERPRETER
NOT_LOCAL = (
    frozenset()
    if CAN_LOCAL_UNWIND
    else frozenset({RAISE, RERAISE, EXCEPTION_HANDLED, PY_UNWIND, PY_THROW})
)
"""Events that have no place in code, and can be watched everywhere or nowhere."""

NO_EVENTS: frozenset[int] = frozenset()


class Version:
    """What `VM.version` is after a change: known by identity, ordered by number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class Tool:
    """Somebody who watches: global events, and a callback for each.

    Callbacks of a tool with `takes_frames` are ours: they are called with the frame
    and the index of the instruction, and further arguments as those of
    `sys.monitoring`. Others are the program's, and are called as it says there.
    """

    __slots__ = (
        "callbacks",
        "events",
        "id",
        "leaves_out",
        "takes_frames",
        "takes_offsets",
        "wrappers",
    )

    def __init__(self, tool_id: int, *, takes_frames: bool) -> None:
        self.id = tool_id
        self.takes_frames = takes_frames
        self.takes_offsets = False
        """What has a place is told by its offset: an EXTENDED_ARG has no index."""
        self.leaves_out: Callable[[Code], bool] | None = None
        """Says of what code nothing is to be told that has a place: as if it had all
        been disabled. A frame's begin and end, and exceptions, are told of all code."""
        self.events = NO_EVENTS
        self.callbacks: dict[int, Callable[..., Any]] = {}
        self.wrappers: dict[int, Callable[..., Any]] = {}
        """Of a tool of ours: makes an entry of `ops`, faster than one that calls back,
        for a place where nobody else watches."""


class CodeEvents:
    """`Code.local_events`: `_PyCoMonitoringData`."""

    __slots__ = ("active", "disabled", "entry", "lines", "local", "number")

    def __init__(self) -> None:
        self.active: dict[int, tuple[Tool, ...]] = {}
        """Who watches an event here, globally or locally, first asked first."""
        self.local: dict[int, frozenset[int]] = {}
        """By tool id."""
        self.disabled: dict[tuple[int, int], set[int]] = {}
        """By index and event: tools that returned DISABLE."""
        self.lines: dict[int, int] | None = None
        self.entry: object = None
        """Keeps it in `Monitors.local`."""
        self.number = 0
        """Of the version that it is up to date with."""


class Monitors:
    """The tools of a VM: what `PyInterpreterState` holds of monitoring."""

    def __init__(self, vm: VM) -> None:
        self.vm = vm
        self.tools: dict[int, Tool] = {}
        self.names: dict[int, str] = {}
        """Of the tools that the program has in use, by id."""
        self.opcodes_are_traced = False
        """A frame's `f_trace_opcodes` has been set."""
        self._number = 0
        self._restarted = 0
        self._lock = RLock()
        self.local: dict[int, CodeEvents] = {}
        """Of code with local events, by id of the code object while that lives: what
        is decoded may die before."""
        self._local: WeakSet[Code] = WeakSet()
        """The same, as far as it is decoded."""

    # --- who watches ---

    def tool(self, tool_id: int, *, takes_frames: bool = False) -> Tool:
        """Return a tool, made if it is new."""
        found = self.tools.get(tool_id)
        if found is None:
            found = self.tools[tool_id] = Tool(tool_id, takes_frames=takes_frames)
        return found

    def set_events(self, tool: Tool, events: frozenset[int]) -> None:
        """Watch `events` everywhere, and no others: `_PyMonitoring_SetEvents`."""
        if tool.events != events:
            tool.events = events
            self._changed()

    def set_local_events(self, tool: Tool, code: Code, events: frozenset[int]) -> None:
        """Watch `events` in one code object: `_PyMonitoring_SetLocalEvents`."""
        data = events_of(code)
        if data.local.get(tool.id, NO_EVENTS) == events:
            return
        if events:
            data.local[tool.id] = events
            data.entry = data.entry or remember(self.local, code.co, data)
            self._local.add(code)
        else:
            data.local.pop(tool.id, None)
            if not data.local:
                self._local.discard(code)
                self.local.pop(id(code.co), None)
                data.entry = None
        self._watch()
        self.update(code)

    def forget_local(self, tool: Tool) -> None:
        """Take away the local events of a tool."""
        for code in list(self._local):
            self.set_local_events(tool, code, NO_EVENTS)
        for data in list(self.local.values()):
            data.local.pop(tool.id, None)

    def restart_events(self) -> None:
        """Forget every DISABLE."""
        self._restarted = self._number + 1
        self._number += 1
        self._changed()

    def _changed(self) -> None:
        self._number += 1
        self.vm.version = Version(self._number)
        self._watch()
        for thread in list(self.vm.threads.values()):
            self._update_stack(thread)

    def _watch(self) -> None:
        """Say in `VM.watching` whether exceptions are to be told of."""
        watched = self.local or any(tool.events for tool in self.tools.values())
        self.vm.watching = Watching(self) if watched else None

    def _update_stack(self, thread: ThreadState) -> None:
        frame = thread.current_frame
        while frame is not None:
            if frame.owner is not _INTERPRETER:
                self.update(frame.code)
            frame = frame.previous

    # --- code ---

    def update(self, code: Code) -> None:
        """Bring code up to date: `_Py_Instrument`. O(instructions) if it changes.

        It has its version when that is done: until then other threads wait for it.
        """
        with self._lock:
            version = self.vm.version
            self._update(code)
            code.version = version

    def _update(self, code: Code) -> None:
        data = events_of(code)
        restarted = self._restarted > data.number
        data.number = self._number
        before, data.active = data.active, self._active(code, data)
        if restarted:
            data.disabled.clear()
        elif data.active == before:
            return
        else:
            _keep_disabled(data, before)
        for index, _ in enumerate(code.ops):
            self._patch(code, data, index)
        code.fuse()
        if self.vm.pending:
            request_in(code)

    def _active(self, code: Code, data: CodeEvents) -> dict[int, tuple[Tool, ...]]:
        watching: dict[int, list[Tool]] = {}
        for tool_id in sorted(self.tools, reverse=True):
            tool = self.tools[tool_id]
            events = tool.events | data.local.get(tool_id, NO_EVENTS)
            if tool.leaves_out is not None and tool.leaves_out(code):
                events -= PLACED
            for event in events:
                watching.setdefault(event, []).append(tool)
        return {event: tuple(tools) for event, tools in watching.items()}

    def _patch(self, code: Code, data: CodeEvents, index: int) -> None:
        if LINE in data.active and data.lines is None:
            data.lines = line_starts(code)
        code.ops[index] = instrumented(code, data, index)

    def disable(self, point: Point, event: int, tool: Tool) -> None:
        """Do as a callback that returned DISABLE wants: no more of it at this place."""
        self.disable_at(point.code, point.index, event, tool)

    def disable_in_code(self, code: Code, event: int, tool: Tool) -> None:
        """Do so for what is told of exceptions: no more of it in this code.

        If the tool watches it everywhere, that stays so.
        """
        if event in NOT_LOCAL:
            tool.callbacks.pop(event, None)
            raise ValueError(f"Cannot disable {NAMES[event]} events. Callback removed.")
        local = events_of(code).local.get(tool.id, NO_EVENTS)
        self.set_local_events(tool, code, local - {event})

    def disable_at(self, code: Code, index: int, event: int, tool: Tool) -> None:
        """Disable an event somewhere."""
        data = events_of(code)
        data.disabled.setdefault((index, event), set()).add(tool.id)
        self._patch(code, data, index)


def events_of(code: Code) -> CodeEvents:
    """Return what instrumentation keeps of a code object, made if it is new."""
    data: CodeEvents | None = code.local_events
    if data is None:
        monitors = code.vm.monitors
        data = monitors.local.get(id(code.co))
        if data is None:
            data = CodeEvents()
        else:  # it is decoded again
            data.active = {}
            monitors._local.add(code)
        code.local_events = data
    return data


def _keep_disabled(data: CodeEvents, before: Mapping[int, tuple[Tool, ...]]) -> None:
    """Forget what was disabled by tools that have not watched the event all along."""
    for (index, event), tools in list(data.disabled.items()):
        all_along = {
            tool.id
            for tool in data.active.get(event, ())
            if tool in before.get(event, ())
        }
        tools &= all_along
        if not tools:
            del data.disabled[index, event]


# --- tools of our own ---


def add_tool(
    vm: VM,
    events: set[int] | frozenset[int],
    callbacks: Mapping[int, Any],
    wrappers: Mapping[int, Any] | None = None,
    *,
    takes_offsets: bool = False,
    leaves_out: Callable[[Code], bool] | None = None,
) -> Tool:
    """Have `callbacks` called for `events`, which are those of `event_kinds`.

    A callback is called with the frame, the index of the instruction and what
    `sys.monitoring` would tell besides: the line for LINE, the value for PY_RETURN,
    the exception for RAISE, the callable and first argument for CALL, the index of
    the destination for JUMP. With `takes_offsets`, those of INSTRUCTION, JUMP, BRANCH
    and STOP_ITERATION are called with the frame and the offset. What it returns is
    ignored unless it is `DISABLE`; it must not raise. `leaves_out` is asked of each
    code object before it runs: see `Tool`. Returns what `remove_tool` takes.
    """
    monitors = vm.monitors
    tool_id = max(FIRST_INTERNAL_ID, *(number + 1 for number in monitors.tools), 0)
    tool = monitors.tool(tool_id, takes_frames=True)
    tool.takes_offsets = takes_offsets
    tool.leaves_out = leaves_out
    tool.callbacks.update(callbacks)
    tool.wrappers.update(wrappers or {})
    monitors.set_events(tool, frozenset(events))
    return tool


def remove_tool(vm: VM, tool: Tool) -> None:
    """Take a tool of `add_tool` away."""
    vm.monitors.set_events(tool, NO_EVENTS)
    vm.monitors.tools.pop(tool.id, None)
