"""Makes a recording event by event, with its names and its tree."""

from __future__ import annotations

from _thread import RLock
from typing import TYPE_CHECKING, Any

from frametools._image import Image, layout
from frametools.events import ENTER, LEAVE, CodeKind, EventKind
from frametools.recording.recording import Recording
from frametools.recording.writer import Writer

if TYPE_CHECKING:
    from frametools.events import CodeRef


class Builder:
    """Follows the stacks of threads and writes down what happens on them.

    Times are ns since the start. For observers that have no call tree of their own;
    `monitor.recorder` has one, and uses a `Writer`. Threads may add at the same time:
    what they share is looked up by all, and made under a lock, one after the other.
    """

    def __init__(self, *, max_events: int = 10_000_000, keep: str = "first") -> None:
        self.image = Image()
        self._writer = Writer(max_events, keep)
        self._codes: dict[CodeRef, int] = {}
        self._nodes: dict[tuple[int, int], int] = {}
        # Of each thread: node, frame, time of entry, and what a subclass adds.
        self._stacks: list[list[tuple[Any, ...]]] = []
        self._lock = RLock()  # to make something may run a finalizer, which is followed

    def thread(self, name: str) -> int:
        """Begin a thread, and return its index."""
        with self._lock:
            record = self.image.add_thread(name)
            self._stacks.append([(record.root, 0, 0)])
        return record.index

    def enter(
        self, thread: int, kind: EventKind, code: CodeRef, time: int, frame: int
    ) -> None:
        """Put a frame on the stack: PY_START, PY_RESUME or PY_THROW."""
        stack = self._stacks[thread]
        node = self._node(stack[-1][0], self._code(code))
        stack.append((node, frame, time))
        getattr(self.image, ENTER[kind])[node] += 1
        record = self.image.threads[thread]
        record.max_depth = max(record.max_depth, len(stack) - 1)
        self._add(thread, kind, time, frame)

    def leave(self, thread: int, kind: EventKind, time: int) -> None:
        """Take the innermost frame off: PY_RETURN, PY_YIELD or PY_UNWIND."""
        node, frame, entered = self._stacks[thread][-1]
        getattr(self.image, LEAVE[kind])[node] += 1
        self.image.wall[node] += time - entered
        self._add(thread, kind, time, frame)
        self._stacks[thread].pop()

    def event(
        self,
        thread: int,
        kind: EventKind,
        time: int,
        argument: int = 0,
        target: CodeRef | None = None,
    ) -> None:
        """Add an event of the innermost frame, such as LINE or RAISE."""
        if target is not None:
            argument = self._code(target)
        self._add(thread, kind, time, argument)

    def finish(self) -> Recording:
        """Close what is open at the last time seen, and give the recording."""
        image = self.image
        for record, stack in zip(image.threads, self._stacks, strict=True):
            record.open = len(stack) - 1
            for node, _, entered, *_ in stack[1:]:
                image.wall[node] += image.tick_now - entered
            image.wall[record.root] = image.tick_now
        self._writer.put(image)
        image.flags |= layout.FINISHED
        return Recording(image)

    def _add(self, thread: int, kind: EventKind, time: int, argument: int) -> None:
        self.image.tick_now = max(self.image.tick_now, time)
        self._writer.add(thread, kind, self._stacks[thread][-1][0], time, argument)

    def _code(self, code: CodeRef) -> int:
        index = self._codes.get(code)
        if index is None:
            with self._lock:
                index = self._codes.get(code)
                if index is None:
                    index = len(self.image.codes)
                    self.image.codes.append(code)
                    self._codes[code] = index
        return index

    def _node(self, parent: int, code: int) -> int:
        node = self._nodes.get((parent, code))
        return self._make_node(parent, code) if node is None else node

    def _make_node(self, parent: int, code: int) -> int:
        is_python = self.image.codes[code].kind == CodeKind.PYTHON
        flags = layout.PYTHON if is_python else layout.C_FUNCTION
        with self._lock:
            node = self._nodes.get((parent, code))
            if node is None:
                node = self.image.add_node(parent, code, flags)
                self._nodes[parent, code] = node
        return node
