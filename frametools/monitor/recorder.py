"""`Recorder`, the Python twin: the `TreeBuilder` that keeps the events too.

Its callbacks are the tree's, each followed by a row; about 1 us per event.
"""

from __future__ import annotations

from time import perf_counter
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType

from frametools._c_names import qualname
from frametools._python import HAS_BRANCH_SIDES
from frametools.monitor import _c_functions, _callbacks
from frametools.monitor._harvest import write
from frametools.monitor._nodes import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    C_RAISE,
    C_RETURN,
    CALL,
    EXCEPTION_HANDLED,
    INSTRUCTION,
    JUMP,
    LINE,
    PY_RESUME,
    PY_RETURN,
    PY_START,
    PY_THROW,
    PY_UNWIND,
    PY_YIELD,
    RAISE,
    RERAISE,
    STOP_ITERATION,
    Node,
)
from frametools.monitor.treebuilder import TreeBuilder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from frametools.monitor._callbacks import Callback
    from frametools.monitor._nodes import Thread

_EXCEPTION_TYPE, _OTHER = 2, 3  # CodeKind

_NUMBERED: dict[str, dict[str, int]] = {
    "LINE": {"LINE": LINE},
    "STOP_ITERATION": {"STOP_ITERATION": STOP_ITERATION},
    "INSTRUCTION": {"INSTRUCTION": INSTRUCTION},
    "JUMP": {"JUMP": JUMP},
    "BRANCH": (
        {"BRANCH_LEFT": BRANCH_LEFT, "BRANCH_RIGHT": BRANCH_RIGHT}
        if HAS_BRANCH_SIDES
        else {"BRANCH": BRANCH}
    ),
}
"""Events known by a number, by the word that asks for them: the line, or the offset."""


class _Rows:
    """The parts of an `Image` that a `Writer` fills."""

    def __init__(self) -> None:
        self.flags = self.events_dropped = 0
        self.events: Any = {}


class Recorder(TreeBuilder):
    """A TreeBuilder that keeps the events too, in order."""

    _records = True

    def __init__(
        self,
        path: str | None = None,
        *,
        max_events: int = 10_000_000,
        keep: str = "first",
        events: tuple[str, ...] = (),
        c_calls: bool = False,
        sampled: bool = False,
        wants: Callable[[CodeType], bool] | None = None,
        hide: tuple[str, ...] = (),
    ) -> None:
        """Make the recorder; ValueError for a `keep` other than first and last."""
        from frametools.recording.writer import Writer

        if sampled:
            raise ValueError("events are recorded with their times: not with sampled")
        self._writer_type: Any = Writer
        self._bounds = max_events, keep
        self._extra = events
        super().__init__(path, c_calls=c_calls, wants=wants, hide=hide)

    def _open(self) -> None:
        self._writer = self._writer_type(*self._bounds)
        super()._open()

    def _begin_child(self) -> None:
        self._writer = self._writer_type(*self._bounds)
        super()._begin_child()

    # --- rows ---

    def _row(self, thread: Thread, kind: int, node: Node, time: float, to: int) -> None:
        ticks = int(time * 1e9) - self._facts.tick_start
        self._writer.add(thread.index, kind, node.id, max(ticks, 0), to)

    def _callbacks(self, level: int) -> dict[str, Callback]:
        slow = _callbacks.SlowWay(self._forest, level + 1, self._greenlets.see)
        tree = _callbacks.six(slow)
        tree["PY_RETURN"] = _callbacks.on_leave(slow, PY_RETURN)
        kinds = PY_START, PY_RESUME, PY_THROW
        for name, kind in zip(
            ("PY_START", "PY_RESUME", "PY_THROW"), kinds, strict=True
        ):
            tree[name] = self._enter(tree[name], kind)
        kinds = PY_RETURN, PY_YIELD, PY_UNWIND
        for name, kind in zip(
            ("PY_RETURN", "PY_YIELD", "PY_UNWIND"), kinds, strict=True
        ):
            tree[name] = self._leave(tree[name], kind)
        return tree | self._more()

    def _enter(self, tree: Callback, kind: int) -> Callback:
        local, forest = self._forest.local, self._forest

        def enter(code: CodeType, offset: int, exception: object = None) -> object:
            node = tree(code, offset)
            if node.__class__ is not Node:
                return node
            if kind == PY_START or not node.serial:
                node.serial = forest.new_serial()
            self._row(local.thread, kind, node, node.entered, node.serial)
            return None

        return enter

    def _leave(self, tree: Callback, kind: int) -> Callback:
        local = self._forest.local

        def leave(code: CodeType, offset: int, value: object) -> object:
            node = tree(code, offset, value)
            if node.__class__ is not Node:
                return node
            thread = local.thread
            self._row(thread, kind, node, thread.last, node.serial)
            return None

        return leave

    # --- events that are only recorded ---

    def _more(self) -> dict[str, Callback]:
        more: dict[str, Callback] = {}
        if self._c_calls:
            more |= self._c_events(_c_functions.three(self._forest))
        for word in self._extra:
            for name, kind in _NUMBERED.get(word, {}).items():
                more[name] = self._numbered(kind)
        if "RAISE" in self._extra:
            more["RAISE"] = self._exception(RAISE)
            more["RERAISE"] = self._exception(RERAISE)
            more["EXCEPTION_HANDLED"] = self._exception(EXCEPTION_HANDLED)
        if "CALL" in self._extra:
            more["CALL"] = self._every(CALL, more.get("CALL"))
            more["C_RETURN"] = self._every(C_RETURN, more.get("C_RETURN"))
            more["C_RAISE"] = self._every(C_RAISE, more.get("C_RAISE"))
        return more

    def _running(self, code: CodeType) -> tuple[Thread, Node] | None:
        """Find the running frame's node; None where the frame is not shown."""
        thread = self._forest.thread_here(seed_callers=False)
        if thread is None or thread.node.code is not code:
            return None
        return thread, thread.node

    def _numbered(self, kind: int) -> Callback:
        def event(code: CodeType, number: int, *_: object) -> None:
            found = self._running(code)
            if found is not None:
                self._row(found[0], kind, found[1], perf_counter(), number)

        return event

    def _exception(self, kind: int) -> Callback:
        def raised(code: CodeType, offset: int, exception: BaseException) -> None:
            found = self._running(code)
            if found is not None:
                now = perf_counter()
                index = self._name(type(exception), _EXCEPTION_TYPE)
                self._row(found[0], kind, found[1], now, index)

        return raised

    def _name(self, kind: type, code_kind: int) -> int:
        return self._forest.codes.index(kind.__qualname__, "", 0, 0, code_kind)

    # --- calls ---

    def _c_events(self, tree: dict[str, Callback]) -> dict[str, Callback]:
        kinds = {"CALL": CALL, "C_RETURN": C_RETURN, "C_RAISE": C_RAISE}
        return {n: self._c_event(tree[n], kind) for n, kind in kinds.items()}

    def _c_event(self, tree: Callback, kind: int) -> Callback:
        local = self._forest.local

        def event(code: CodeType, offset: int, function: object, _: object) -> object:
            node = tree(code, offset, function, _)
            if node.__class__ is Node:
                thread = local.thread
                time = node.entered if kind == CALL else thread.last
                self._row(thread, kind, node.parent, time, node.index)
                return None
            return node

        return event

    def _every(self, kind: int, tree: Callback | None) -> Callback:
        """Make the callback where CALL was asked for by name: for every callable."""

        def event(code: CodeType, offset: int, function: object, _: object) -> object:
            if tree is not None and qualname(function):
                return tree(code, offset, function, _)
            found = self._running(code)
            if found is not None:
                now = perf_counter()
                self._row(found[0], kind, found[1], now, self._callee(function))
            return None

        return event

    def _callee(self, function: object) -> int:
        if isinstance(function, MethodType):
            function = function.__func__
        if isinstance(function, FunctionType):
            entry = self._forest.codes.entry(function.__code__)
            if not entry.ignored:
                return entry.index
        if isinstance(function, type):
            return self._name(function, _OTHER)
        if isinstance(function, (BuiltinFunctionType, MethodDescriptorType)):
            name = qualname(function)
            return self._forest.codes.index(name, "", 0, 0, 1)
        return self._name(type(function), _OTHER)

    # --- what it has ---

    def stats(self) -> dict[str, int]:
        """Count what is there so far; O(nodes)."""
        counts = {"recorded": self._writer.count, "dropped": self._writer.dropped}
        stats = super().stats() | counts
        stats["bytes"] += 16 * self._writer.count
        return stats

    def image(self) -> bytes:
        """Give the whole data file, compact; about 5 us per node, 10 ns per event."""
        if self._forest.is_running:
            self._note_time()
        rows = _Rows()
        self._writer.put(rows)
        facts = self._facts
        facts.dropped = rows.events_dropped
        facts.flags |= rows.flags
        extents = [(thread, data.tobytes()) for thread, data in rows.events.items()]
        return write(self._forest, facts, extents)
