"""Recordings of what the VM runs: an internal tool that writes rows.

    Monitors -- tool --> _Rows: stacks, serials of frames -- Builder --> Recording

The events, their codes, depths and frames are those that `monitor.record` writes of the
same program: `vm.run(p)[1] == monitor.record(p)`.
"""

from __future__ import annotations

import sys
from _thread import get_ident, get_native_id
from os import getpid
from time import perf_counter_ns
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.events import CodeKind, CodeRef
from frametools.monitor._c_functions import qualname, type_name
from frametools.monitor.filters import wanted
from frametools.recording.builder import Builder
from frametools.vm._builtins import (
    ValueError,
    bool,
    frozenset,
    getattr,
    id,
    int,
    isinstance,
    len,
    max,
    set,
    sorted,
    str,
    super,
    type,
)
from frametools.vm.event_kinds import (
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frametools.recording.recording import Recording
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.thread import ThreadState
    from frametools.vm.vm import VM

    Frame = InterpreterFrame

_GROUPS = {
    "RAISE": (RAISE, RERAISE, EXCEPTION_HANDLED),
    "CALL": (CALL, C_RETURN, C_RAISE),
}
"""Words that stand for several events, as in `monitor.record`."""

_SIX = frozenset({PY_START, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND})


class _Rows(Builder):
    """A Builder that knows code objects: 1 us per event."""

    def __init__(
        self, max_events: int, keep: str, wants: Callable[[Any], bool] | None
    ) -> None:
        super().__init__(max_events=max_events, keep=keep)
        self._start = perf_counter_ns()
        self._wants = wants
        self._of_code: dict[Code, int] = {}
        self._of_thread: dict[ThreadState, int] = {}
        self._serials: dict[int, int] = {}
        """Of suspended frames, by id."""
        self._count = 0

    # --- threads and names ---

    def _thread_of(self, frame: Frame) -> int:
        found = self._of_thread.get(frame.thread)
        if found is None:
            found = self._of_thread[frame.thread] = self.thread(
                _thread_name(len(self._of_thread))
            )
        return found

    def _code_index(self, code: Code) -> int:
        """Number a code object; -1 if it is left out."""
        found = self._of_code.get(code)
        if found is None:
            co = code.co
            found = -1
            if self._wants is None or self._wants(co):
                found = self._code(code_ref(co))
            self._of_code[code] = found
        return found

    # --- frames ---

    def enter_frame(self, frame: Frame, kind: int, counts: Any) -> None:
        """Put a frame on the stack of its thread."""
        now = perf_counter_ns() - self._start
        thread = self._of_thread.get(frame.thread)
        if thread is None:
            thread = self._thread_of(frame)
        code = frame.code
        index = self._of_code.get(code)
        if index is None:
            index = self._code_index(code)
        if index < 0:
            return
        stack = self._stacks[thread]
        key = stack[-1][0], index
        node = self._nodes.get(key)
        if node is None:
            node = self._new_node(key, thread, len(stack))
        serial = self._serials.pop(id(frame), 0) if kind != PY_START else 0
        if not serial:
            self._count = serial = self._count + 1
        stack.append((node, serial, now))
        counts[node] += 1
        self._writer.add(thread, kind, node, now, serial)

    def _new_node(self, key: tuple[int, int], thread: int, depth: int) -> int:
        record = self.image.threads[thread]
        record.max_depth = max(record.max_depth, depth)
        return self._node(*key)

    def leave_frame(self, frame: Frame, kind: int, counts: Any) -> None:
        """Take it off; a frame that is not on top was left out."""
        thread = self._of_thread.get(frame.thread)
        if thread is None or self._of_code.get(frame.code, -1) < 0:
            return
        now = perf_counter_ns() - self._start
        stack = self._stacks[thread]
        if len(stack) == 1:
            return
        node, serial, entered = stack.pop()
        counts[node] += 1
        self.image.wall[node] += now - entered
        if kind == PY_YIELD:
            self._serials[id(frame)] = serial
        self._writer.add(thread, kind, node, now, serial)

    def enters(self, kind: int, name: str) -> Callable[..., None]:
        """Make the callback for an event that enters a frame."""
        counts, enter = getattr(self.image, name), self.enter_frame

        def entered(frame: Frame, _index: int, _error: object = None) -> None:
            enter(frame, kind, counts)

        return entered

    def leaves(self, kind: int, name: str) -> Callable[..., None]:
        """Make the callback for an event that leaves one."""
        counts, leave = getattr(self.image, name), self.leave_frame

        def left(frame: Frame, _index: int, _value: object) -> None:
            leave(frame, kind, counts)

        return left

    # --- the rest ---

    def _row(self, frame: Frame, kind: int, argument: int) -> None:
        thread = self._of_thread.get(frame.thread)
        if thread is None or self._of_code.get(frame.code, -1) < 0:
            return
        stack = self._stacks[thread]
        if len(stack) > 1:
            now = perf_counter_ns() - self._start
            self._writer.add(thread, kind, stack[-1][0], now, argument)

    def line(self, frame: Frame, _index: int, line: int) -> None:
        """Write LINE."""
        self._row(frame, LINE, line)

    def raised(self, kind: int) -> Callable[..., None]:
        """Make the callback for RAISE and its kin: the type is written."""

        def told(frame: Frame, _index: int, error: BaseException) -> None:
            ref = CodeRef(type(error).__qualname__, kind=CodeKind.EXCEPTION_TYPE)
            self._row(frame, kind, self._code(ref))

        return told

    def called(self, kind: int) -> Callable[..., None]:
        """Make the callback for CALL and its kin: the callable's name is written."""

        def told(frame: Frame, _index: int, fn: Any, _first: object) -> None:
            self._row(frame, kind, self._code(self._callee(fn)))

        return told

    def placed(self, kind: int) -> Callable[..., None]:
        """Make the callback for what is known by its offset: INSTRUCTION, JUMP."""

        def told(frame: Frame, index: int, *_to: object) -> None:
            self._row(frame, kind, frame.code.instructions[index].offset)

        return told

    def _callee(self, fn: Any) -> CodeRef:
        if isinstance(fn, MethodType):
            fn = fn.__func__
        if isinstance(fn, FunctionType):
            return code_ref(self._vm_code(fn))
        if isinstance(fn, type):
            return CodeRef(fn.__qualname__, kind=CodeKind.OTHER)
        if isinstance(fn, (BuiltinFunctionType, MethodDescriptorType)):
            return CodeRef(qualname(fn), kind=CodeKind.C_FUNCTION)
        return CodeRef(type_name(type(fn)), kind=CodeKind.OTHER)

    def _vm_code(self, fn: Any) -> Any:
        for thread in self._of_thread:
            code = thread.codes.get(id(fn.__code__))
            if code is not None:
                return code.co
        return fn.__code__

    def recording(self) -> Recording:
        """Close what is open, and give the recording."""
        self.image.tick_now = perf_counter_ns() - self._start
        return self.finish()


def code_ref(co: Any) -> CodeRef:
    """Name a code object of Python."""
    return CodeRef(co.co_qualname, co.co_filename, co.co_firstlineno, co.co_flags)


def _thread_name(index: int) -> str:
    if get_native_id() == getpid():
        return "MainThread"
    threading = sys.modules.get("threading")
    thread = getattr(threading, "_active", {}).get(get_ident())
    name = getattr(thread, "_name", None)
    return name if isinstance(name, str) else f"thread-{index}"


def _callbacks(rows: _Rows, events: Sequence[str]) -> dict[int, Callable[..., None]]:
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

    `events` adds kinds to the six that enter and leave frames: "LINE", "RAISE" (with
    RERAISE and EXCEPTION_HANDLED), "CALL" (with C_RETURN and C_RAISE), and what only
    the VM records: "INSTRUCTION", "JUMP", "BRANCH" or its sides, with the offset as
    their argument. The other options are those of `monitor.record`. What the
    function raises is raised here. About 1 us per event.
    """
    rows = _Rows(max_events, keep, wanted(include, exclude))
    callbacks = _callbacks(rows, events)
    tool = add_tool(vm, set(callbacks) - {C_RETURN, C_RAISE}, callbacks)
    try:
        result = function()
    finally:
        remove_tool(vm, tool)
    return result, rows.recording()
