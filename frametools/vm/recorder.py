"""`Rows`: the callbacks that write what the VM runs.

    Monitors -- tool --> Rows: stacks, serials of frames -- Builder --> Recording

The events, their codes, depths and frames are those that `monitor.record` writes of the
same program: `vm.run(p)[1] == monitor.record(p)`.
"""

from __future__ import annotations

import sys
from _thread import get_ident, get_native_id
from array import array
from itertools import count
from os import getpid
from time import perf_counter_ns
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
)
from typing import TYPE_CHECKING, Any

from frametools._c_names import qualname, type_name
from frametools.events import CodeKind, CodeRef
from frametools.recording.builder import Builder
from frametools.recording.writer import ARGUMENT, NODE
from frametools.vm._builtins import (
    AttributeError,
    KeyError,
    bool,
    enumerate,
    getattr,
    id,
    int,
    isinstance,
    len,
    max,
    object,
    range,
    str,
    super,
    type,
)
from frametools.vm.event_kinds import (
    LINE,
    PY_START,
    PY_YIELD,
)
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.opcodes.generators import yield_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.recording.recording import Recording
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.thread import ThreadState

    Frame = InterpreterFrame

_COUNTS = "calls", "resumes", "throws", "returns", "yields", "unwinds"


class Rows(Builder):
    """A Builder that knows code objects: 1 us per event."""

    def __init__(
        self, max_events: int, keep: str, wants: Callable[[Any], bool] | None
    ) -> None:
        super().__init__(max_events=max_events, keep=keep)
        self._start = perf_counter_ns()
        self._wants = wants
        self._of_code: dict[Code, int] = {}
        self._of_thread: dict[ThreadState, int] = {}
        self._totals: dict[str, list[int]] = {name: [0] for name in (*_COUNTS, "wall")}
        """Columns of the image, as lists while they grow."""
        self._buffers: list[list[int]] = []
        """Of each thread: rows that the writer has not yet."""
        self._states: dict[ThreadState, tuple[list[Any], list[int]]] = {}
        """The stack and the rows of a thread."""
        self._me = object()
        """In each entry of a stack, and so in `InterpreterFrame.recorded`."""
        self._serial = count(1).__next__

    # --- threads and names ---

    def _thread_of(self, frame: Frame) -> int:
        found = self._of_thread.get(frame.thread)
        if found is None:
            with self._lock:
                found = self.thread(_thread_name(len(self._of_thread)))
                self._buffers.append([])
                self._stacks[found][0] += (self._me,)
                self._of_thread[frame.thread] = found
                self._states[frame.thread] = self._stacks[found], self._buffers[found]
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

    def leaves_out(self, code: Code) -> bool:
        """Say if no event of this code is written."""
        if self._wants is None or self._wants(code.co):
            return False
        self._of_code[code] = -1
        return True

    # --- frames ---

    def _new_node(self, key: tuple[int, int], thread: int) -> int:
        record = self.image.threads[thread]
        record.max_depth = max(record.max_depth, len(self._stacks[thread]))
        return self._node(*key)

    def _make_node(self, parent: int, code: int) -> int:
        with self._lock:
            node = super()._make_node(parent, code)
            for column in self._totals.values():
                column += [0] * (node + 1 - len(column))
        return node

    def _flush(self, thread: int) -> list[int]:
        """Give rows to the writer, in chunks as long as it takes; returns new ones."""
        full, self._buffers[thread] = self._buffers[thread], []
        words = self._writer.chunk_words
        with self._lock:
            for begin in range(0, len(full), words):
                self._writer.extend(thread, array("Q", full[begin : begin + words]))
            for state, index in self._of_thread.items():
                if index == thread:
                    self._states[state] = self._stacks[thread], self._buffers[thread]
        return self._buffers[thread]

    def enters(self, kind: int, name: str) -> Callable[..., None]:
        """Make the callback for an event that puts a frame on its thread's stack."""
        threads, codes, nodes = self._of_thread, self._of_code, self._nodes
        stacks, buffers, me = self._stacks, self._buffers, self._me
        counts, clock, start = self._totals[name], perf_counter_ns, self._start
        words, begins = self._writer.chunk_words, kind == PY_START

        def entered(frame: Frame, _index: int, _error: object = None) -> None:
            code = frame.code
            try:
                thread, index = threads[frame.thread], codes[code]
            except KeyError:
                index = self._code_index(code)
                thread = self._thread_of(frame) if index >= 0 else 0
            if index < 0:
                return
            stack = stacks[thread]
            key = stack[-1][0], index
            node = nodes.get(key)
            if node is None:
                node = self._new_node(key, thread)
            word = self._word(node, frame, begins)
            now = clock() - start
            stack.append((node, word, now, me))
            counts[node] += 1
            rows = buffers[thread]
            if len(rows) >= words:
                rows = self._flush(thread)
            rows += now << 8 | kind, word

        return entered

    def _word(self, node: int, frame: Frame, begins: bool) -> int:
        """Return the second word of a frame's rows: its node and its serial.

        The frame keeps it while it is suspended; otherwise it is in the stack's entry.
        """
        recorded = None if begins else getattr(frame, "recorded", None)
        if recorded is None or recorded[3] is not self._me:
            serial = self._serial()
        else:
            serial = recorded[1] >> ARGUMENT & 0xFFFFFFFF
        return node << NODE | serial << ARGUMENT

    def leaves(self, kind: int, name: str) -> Callable[..., None]:
        """Make the callback for an event that takes one off: what was put there."""
        threads, codes, stacks = self._of_thread, self._of_code, self._stacks
        buffers, wall = self._buffers, self._totals["wall"]
        counts, clock, start = self._totals[name], perf_counter_ns, self._start
        words, suspends = self._writer.chunk_words, kind == PY_YIELD
        code_of = self.image.code

        def left(frame: Frame, _index: int, _value: object) -> None:
            now = clock() - start
            try:
                thread, index = threads[frame.thread], codes[frame.code]
            except KeyError:
                return
            stack = stacks[thread]
            if index < 0 or len(stack) == 1:
                return
            if code_of[stack[-1][0]] != index and not self._uncover(stack, index, now):
                return
            entry = stack.pop()
            node, word, entered, _ = entry
            counts[node] += 1
            wall[node] += now - entered
            if suspends:
                frame.recorded = entry
            rows = buffers[thread]
            if len(rows) >= words:
                rows = self._flush(thread)
            rows += now << 8 | kind, word

        return left

    def _uncover(self, stack: list[Any], index: int, now: int) -> bool:
        """Take off what is above the innermost entry of a code; False if it has none.

        As the monitor does, where a frame leaves whose entering had no event.
        """
        code_of, wall = self.image.code, self._totals["wall"]
        at = len(stack) - 1
        while at and code_of[stack[at][0]] != index:
            at -= 1
        if not at:
            return False
        for node, _, entered, _ in stack[at + 1 :]:
            wall[node] += now - entered
        del stack[at + 1 :]
        return True

    # --- the same, as handlers where nobody else watches ---

    def entering(self, kind: int, name: str) -> Callable[..., Any]:
        """Make what wraps a RESUME: `enters` in one function."""
        states, me, enter = self._states, self._me, self.enters(kind, name)
        counts, clock, start = self._totals[name], perf_counter_ns, self._start
        words, begins = self._writer.chunk_words, kind == PY_START

        def entered(frame: Frame, _stack: list[Any], nodes: dict[int, int]) -> Any:
            thread = frame.thread
            if frame.code.version is not thread.vm.version:
                return thread.vm.instrument(frame)
            if thread.tracing:
                return None
            try:
                stack, rows = states[thread]
                node = nodes[stack[-1][0]]
            except KeyError:
                enter(frame, 0)
                self._learn(frame, nodes)
                return None
            if len(rows) >= words:
                enter(frame, 0)
                return None
            if begins:
                serial = self._serial()
                word = node << NODE | serial << ARGUMENT
            else:
                try:
                    its_node, word, _, whose = frame.recorded
                except AttributeError:
                    whose = None
                if whose is not me or its_node != node:
                    word = self._word(node, frame, False)
            now = clock() - start
            stack.append((node, word, now, me))
            counts[node] += 1
            rows.append(now << 8 | kind)
            rows.append(word)
            return None

        def wrap(_code: Code, _index: int, _handler: Any, _operand: Any) -> Any:
            return entered, {}

        return wrap

    def _learn(self, frame: Frame, nodes: dict[int, int]) -> None:
        """Keep the node of the frame that has just been entered."""
        stack = self._stacks[self._of_thread[frame.thread]]
        if len(stack) > 1 and self._of_code[frame.code] >= 0:
            nodes[stack[-2][0]] = stack[-1][0]

    def leaving(self, kind: int, name: str) -> Callable[..., Any]:
        """Make what wraps a return or yield: `leaves` in one function."""
        states, wall = self._states, self._totals["wall"]
        counts, clock, start = self._totals[name], perf_counter_ns, self._start
        suspends = kind == PY_YIELD

        def left(frame: Frame, values: list[Any], below: tuple[Any, Any]) -> Any:
            handler, operand = below
            thread = frame.thread
            if thread.tracing:
                return handler(frame, values, operand)
            now = clock() - start
            try:
                stack, rows = states[thread]
                # Not the time it takes to ask for its length: the bottom is put back.
                node, word, since, _ = entry = stack.pop()
            except KeyError:
                return handler(frame, values, operand)
            if not stack:
                stack.append(entry)
                return handler(frame, values, operand)
            # That rows are full is found out at the next entry: a stack's depth later.
            counts[node] += 1
            wall[node] += now - since
            rows.append(now << 8 | kind)
            rows.append(word)
            if not suspends:
                return handler(frame, values, operand)
            frame.recorded = entry
            if handler is not yield_value or frame.exc_info is not None:
                return handler(frame, values, operand)
            # What `yield_value` does.
            frame.frame_state, frame.return_offset = operand
            previous = frame.previous
            frame.previous = None
            previous.localsplus.append(values.pop())  # type: ignore[union-attr]
            return previous

        def wrap(_code: Code, _index: int, handler: Any, operand: Any) -> Any:
            return left, (handler, operand)

        return wrap

    # --- the rest ---

    def _row(self, frame: Frame, kind: int, argument: int) -> None:
        thread = self._of_thread.get(frame.thread)
        index = self._of_code.get(frame.code, -1)
        if thread is None or index < 0:
            return
        stack = self._stacks[thread]
        if len(stack) > 1 and self.image.code[stack[-1][0]] == index:
            now = perf_counter_ns() - self._start
            rows = self._buffers[thread]
            if len(rows) >= self._writer.chunk_words:
                rows = self._flush(thread)
            rows.append(now << 8 | kind)
            rows.append(stack[-1][0] << NODE | argument << ARGUMENT)

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

        def told(frame: Frame, _index: int, fn: Any, first: object) -> None:
            self._row(frame, kind, self._code(self._callee(fn, first)))

        return told

    def placed(self, kind: int) -> Callable[..., None]:
        """Make the callback for what is known by an offset: a tool that takes these."""

        def told(frame: Frame, offset: int) -> None:
            self._row(frame, kind, offset)

        return told

    def _callee(self, fn: Any, first: object) -> CodeRef:
        is_bound = isinstance(fn, MethodType)
        if is_bound:
            fn, first = fn.__func__, fn.__self__
        if isinstance(fn, FunctionType):
            host, name = MODEL_TYPES.get(id(type(first))), fn.__name__
            is_ours = host is not None and getattr(type(first), name, None) is fn
            theirs = host.__dict__.get(name) if host is not None and is_ours else None
            if host is not None and isinstance(theirs, MethodDescriptorType):
                name = f"{type_name(host)}.{name}"
                return CodeRef(name, kind=CodeKind.C_FUNCTION)
            if theirs is not None:
                kind = MethodWrapperType if is_bound else type(theirs)
                return CodeRef(kind.__name__, kind=CodeKind.OTHER)
            co = self._vm_code(fn)
            if self._wants is None or self._wants(co):
                return code_ref(co)
        if isinstance(fn, type):
            return CodeRef(fn.__qualname__, kind=CodeKind.OTHER)
        if isinstance(fn, (BuiltinFunctionType, MethodDescriptorType)):
            return CodeRef(qualname(fn), kind=CodeKind.C_FUNCTION)
        return CodeRef(type(fn).__qualname__, kind=CodeKind.OTHER)

    def _vm_code(self, fn: Any) -> Any:
        for thread in self._of_thread:
            code = thread.codes.get(id(fn.__code__))
            if code is not None:
                return code.co
        return fn.__code__

    def recording(self) -> Recording:
        """Close what is open, and give the recording."""
        self.image.tick_now = perf_counter_ns() - self._start
        for thread in self._of_thread.values():
            self._flush(thread)
        for name, column in self._totals.items():
            into = getattr(self.image, name)
            for node, total in enumerate(column):
                into[node] = total
        # Code that has not run since holds these callbacks: not the VM through them.
        self._of_code.clear()
        self._of_thread.clear()
        self._states.clear()
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
