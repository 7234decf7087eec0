"""Spans of time from the events of a recording: of calls by thread, of tasks.

    thread   |run_once-------------|  |run_once---|      what ran, as it ran
             | |work---|  |other-| |  | |work-|   |
    task     |work------|suspended----||work-|           what was going on

On a thread a coroutine is a span from each time it runs until it yields. As a task it
is one span from its start to its end, with what it awaits in it, and spans in which
all of them were suspended. Spans of one thread or task always nest, whatever events
are missing. Frames that ran before the first event are open from there on.
"""

from __future__ import annotations

from heapq import merge
from operator import itemgetter

from frametools._image.layout import C_FUNCTION
from frametools.events import EventKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    from frametools.recording import Recording

    class Sink(Protocol):
        """Takes the spans, in the order of time; those of a track nest.

        A code is an index into `tree.codes`, or `SUSPENDED`. Kinds are numbers of
        `EventKind`; 0 is an end that was not seen. Times are ns.
        """

        def open(
            self, thread: int, task: int, code: int, time: int, kind: int, /
        ) -> Span:
            """Begin a span of a thread, or of a task where that is not 0."""

        def close(self, span: Span, time: int, kind: int, /) -> None:
            """End a span."""

        def mark(
            self, thread: int, code: int, time: int, kind: int, type_: int, /
        ) -> None:
            """Mark a moment in a call of `code`; `type_` is the exception's, or -1."""

    Span = Any


SUSPENDED = -1
_COROUTINE = 0x80  # CO_COROUTINE


class _Entry:
    """A call on a thread's stack. A C function has the depth of its caller."""

    __slots__ = ("depth", "frame", "is_c", "span")

    def __init__(self, depth: int, span: Span, *, is_c: bool, frame: int) -> None:
        self.depth = depth
        self.span = span
        self.is_c = is_c
        self.frame = frame
        """Serial of a coroutine's frame, else 0."""


class _Task:
    """Coroutines that await each other, the outermost first, as (frame, span)."""

    __slots__ = ("awaiting", "is_suspended", "suspension")

    def __init__(self) -> None:
        self.awaiting: list[tuple[int, Span]] = []
        self.is_suspended = False
        self.suspension: Span = None

    @property
    def number(self) -> int:
        """The serial of its outermost frame: the task's own number."""
        return self.awaiting[0][0]


class _Stack:
    """What runs on a thread."""

    __slots__ = ("calls", "coroutines", "first", "is_unwinding")

    def __init__(self, first: int) -> None:
        self.calls: list[_Entry] = []
        self.coroutines: list[int] = []
        """The frames of the coroutines among the calls."""
        self.first = first
        self.is_unwinding = False
        """True while an exception leaves one frame after the other."""


class Follower:
    """Follows the stacks of all threads through their events."""

    def __init__(self, recording: Recording, sink: Sink) -> None:
        self.recording, self.sink = recording, sink
        tree = self.tree = recording.tree
        self.stacks = [_Stack(thread.first) for thread in recording.threads]
        self.tasks: dict[int, _Task] = {}
        """The task of each coroutine that has begun and not ended, by frame."""
        columns = zip(tree.parent, tree.code, tree.kind, strict=True)
        self.c_calls = {(up, code) for up, code, kind in columns if kind == C_FUNCTION}
        self.now = 0

    def follow(self) -> None:
        """Tell the sink everything; O(events)."""
        depths = self.tree.depths
        for time, kind, node, argument, thread in self._rows():
            if not depths[node]:
                continue  # a node that was lost
            self.now = max(self.now, time)
            if kind <= EventKind.PY_THROW:
                self._enter(thread, kind, node, argument)
            elif kind <= EventKind.PY_UNWIND:
                self._leave(thread, kind, node, argument)
            elif kind == EventKind.CALL:
                self._call(thread, kind, node, argument)
            elif kind in (EventKind.C_RETURN, EventKind.C_RAISE):
                self._return(thread, kind, node, argument)
            elif kind in (EventKind.RAISE, EventKind.EXCEPTION_HANDLED):
                self._raise(thread, kind, node, argument)
        self._end()

    def _rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        """The events of all threads in the order of time."""

        def of(thread: int) -> Iterator[tuple[int, int, int, int, int]]:
            for row in self.recording.rows(thread):
                yield (*row, thread)

        threads = [of(thread) for thread in range(len(self.stacks))]
        return threads[0] if len(threads) == 1 else merge(*threads, key=itemgetter(0))

    # --- calls of a thread ---

    def _enter(self, thread: int, kind: int, node: int, frame: int) -> None:
        tree, stack = self.tree, self.stacks[thread]
        stack.is_unwinding = False
        depth = tree.depths[node]
        self._close(stack, depth - 1)
        if depth > 1 and not stack.calls:
            self._open_seen(thread, tree.path(node)[:-1])
        code = tree.code[node]
        is_coroutine = frame and tree.codes[code].flags & _COROUTINE
        if is_coroutine:
            self._enter_task(thread, kind, code, frame)
            stack.coroutines.append(frame)
        span = self.sink.open(thread, 0, code, self.now, kind)
        entry = _Entry(depth, span, is_c=False, frame=frame if is_coroutine else 0)
        stack.calls.append(entry)

    def _open_seen(self, thread: int, path: list[int]) -> None:
        """Put calls on an empty stack that ran before its first event came."""
        tree, stack = self.tree, self.stacks[thread]
        time = min(stack.first, self.now)
        for node in path:
            code, is_c = tree.code[node], tree.kind[node] == C_FUNCTION
            span = self.sink.open(thread, 0, code, time, 0)
            stack.calls.append(_Entry(tree.depths[node], span, is_c=is_c, frame=0))

    def _leave(self, thread: int, kind: int, node: int, frame: int) -> None:
        tree, stack = self.tree, self.stacks[thread]
        if not stack.calls:
            self._open_seen(thread, tree.path(node))
        depth = tree.depths[node]
        self._settle(stack, depth)
        if kind != EventKind.PY_UNWIND:
            stack.is_unwinding = False
        elif not stack.is_unwinding:
            stack.is_unwinding = True
            self.sink.mark(thread, tree.code[node], self.now, kind, -1)
        if stack.calls and stack.calls[-1].depth == depth:
            self._pop(stack, kind)
        if frame in self.tasks:
            self._leave_task(thread, kind, frame)

    def _call(self, thread: int, kind: int, node: int, code: int) -> None:
        stack = self.stacks[thread]
        stack.is_unwinding = False
        if (node, code) in self.c_calls:
            depth = self.tree.depths[node]
            if not stack.calls:
                self._open_seen(thread, self.tree.path(node))
            self._settle(stack, depth)
            span = self.sink.open(thread, 0, code, self.now, kind)
            stack.calls.append(_Entry(depth, span, is_c=True, frame=0))

    def _return(self, thread: int, kind: int, node: int, code: int) -> None:
        stack, depth = self.stacks[thread], self.tree.depths[node]
        stack.is_unwinding = False
        self._close(stack, depth)
        is_open = stack.calls and stack.calls[-1].is_c
        if is_open and stack.calls[-1].depth == depth and (node, code) in self.c_calls:
            self._pop(stack, kind)

    def _raise(self, thread: int, kind: int, node: int, type_: int) -> None:
        """Mark where an exception begins, not each frame that it comes to."""
        stack = self.stacks[thread]
        if kind != EventKind.RAISE or not stack.is_unwinding:
            self.sink.mark(thread, self.tree.code[node], self.now, kind, type_)
        stack.is_unwinding = kind == EventKind.RAISE

    def _settle(self, stack: _Stack, depth: int) -> None:
        """Make the frame of that depth the innermost one."""
        self._close(stack, depth)
        while stack.calls and stack.calls[-1].is_c and stack.calls[-1].depth == depth:
            self._pop(stack, 0)

    def _close(self, stack: _Stack, depth: int) -> None:
        while stack.calls and stack.calls[-1].depth > depth:
            self._pop(stack, 0)

    def _pop(self, stack: _Stack, kind: int) -> None:
        entry = stack.calls.pop()
        if entry.frame:
            stack.coroutines.pop()
        self.sink.close(entry.span, self.now, kind)

    # --- tasks ---

    def _enter_task(self, thread: int, kind: int, code: int, frame: int) -> None:
        """A coroutine runs: on its own, or awaited by the one that runs already."""
        coroutines = self.stacks[thread].coroutines
        outer = self.tasks.get(coroutines[-1]) if coroutines else None
        task = self.tasks.get(frame)
        if task is not None and outer is None and task.number != frame:
            self._end_coroutine(task, frame, 0)  # begun in another task (eagerly)
            task = None
        if task is None:
            task = self.tasks[frame] = outer or _Task()
            number = task.number if task.awaiting else frame
            span = self.sink.open(thread, number, code, self.now, kind)
            task.awaiting.append((frame, span))
        if task.is_suspended and task.number == frame:
            task.is_suspended = False
            self.sink.close(task.suspension, self.now, kind)

    def _leave_task(self, thread: int, kind: int, frame: int) -> None:
        task = self.tasks[frame]
        if kind != EventKind.PY_YIELD:
            self._end_coroutine(task, frame, kind)
        elif task.number == frame and not task.is_suspended:
            task.is_suspended = True
            number = task.number
            task.suspension = self.sink.open(thread, number, SUSPENDED, self.now, kind)

    def _end_coroutine(self, task: _Task, frame: int, kind: int) -> None:
        """End a coroutine's span, and those in it."""
        if task.is_suspended:
            task.is_suspended = False
            self.sink.close(task.suspension, self.now, 0)
        ended = 0
        while ended != frame:
            ended, span = task.awaiting.pop()
            del self.tasks[ended]
            self.sink.close(span, self.now, kind if ended == frame else 0)

    def _end(self) -> None:
        """Close what is open when the recording ends."""
        for stack in self.stacks:
            self._close(stack, 0)
        for task in {id(task): task for task in self.tasks.values()}.values():
            self._end_coroutine(task, task.number, 0)
