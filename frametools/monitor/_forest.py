"""What the callbacks of the Python twin do when the fast way does not lead on.

A `Forest` is the trees of all threads. A thread's record is made at its first event,
with the frames that already run on it; an event that does not fit the innermost node
repairs the stack or is counted as unmatched.
"""

from __future__ import annotations

import sys
from _thread import _local, allocate_lock, get_ident, get_native_id
from itertools import count
from os import getpid
from time import perf_counter

from frametools.monitor._nodes import COROUTINE, GENERATOR, KIND, ROOT, Node, Thread
from frametools.monitor._tasks import TaskNames

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Protocol

    from frametools.monitor._codes import Codes

    class Local(Protocol):
        """Attributes of a thread."""

        thread: Thread
        end: _End


SEED_ALL, SEED_CALLERS = False, True


class _End:
    """Dies with its thread, which is how the end of a thread is noticed."""

    __slots__ = ("forest", "thread")

    def __init__(self, forest: Forest, thread: Thread) -> None:
        self.forest = forest
        self.thread = thread

    def __del__(self) -> None:
        if self.forest.run == self.thread.run:
            self.forest.end_thread(self.thread)


class Forest:
    """The trees of all threads."""

    def __init__(self, codes: Codes, sampled: bool) -> None:
        self.codes = codes
        self.tasks = TaskNames(codes)
        self.is_sampled = sampled
        self.is_running = False
        self.now = 0.0
        """Where times are sampled: the last sample's moment."""
        self.ignored: dict[int, int] = {}
        """Native ids of our own threads, by their ident."""
        self.local: Local = _local()
        self.suspended: dict[int, tuple[Node, float, int]] = {}
        """Tracked frames between a yield and the next resume, by their address."""
        self.run = 0
        self.clear()

    def clear(self) -> None:
        """Begin anew; the callbacks go on with the same `local` and `suspended`.

        This thread, the only one of a forked child, gets a new record: the callbacks'
        fast way would go on in the nodes of the old one.
        """
        self.run += 1
        vars(self.local).clear()
        self.nodes: list[Node] = []
        self.threads: list[Thread] = []
        self._by_ident: dict[int, Thread] = {}
        self.unmatched = self.repaired = 0
        self._serials = count(1)
        self._lock = allocate_lock()

    def begin(self) -> None:
        """Take events; threads seen in an earlier run get new records."""
        self.run += 1
        self.is_running = True
        self.now = perf_counter()
        self.suspended.clear()

    def end(self, now: float) -> None:
        """Take no more events, and close what is open."""
        self.is_running = False
        self.run += 1
        for thread in self.threads:
            if thread.ended:
                continue
            if not self.is_sampled:
                thread.charge_off(thread.node, now, thread.cpu_time())
            thread.close_all(now)
        for node, since in self.awaited():
            node.awaited += now - since
        self.suspended.clear()
        self.codes.forget()

    # --- nodes ---

    def new_node(self, parent: Node | None, index: int, flags: int) -> Node:
        """Append a node; ids are in order of birth, from 1."""
        with self._lock:
            node = Node(parent, index, flags, len(self.nodes) + 1)
            self.nodes.append(node)
        if parent is not None:
            parent.adopt(node)
        return node

    def new_serial(self) -> int:
        """Number a frame; unique in this process."""
        return next(self._serials)

    def child(self, thread: Thread, index: int, flags: int) -> Node:
        """Find or make the child of the innermost node with this name."""
        parent = thread.node
        node = parent.by_index.get(index)
        if node is None:
            node = self.new_node(parent, index, flags)
            thread.max_depth = max(thread.max_depth, node.depth)
        return node

    def find_child(self, thread: Thread, code: CodeType) -> Node | None:
        """Find or make the child for `code`; None if it is not to be shown."""
        entry = self.codes.entry(code)
        if entry.ignored:
            return None
        if entry.flags & COROUTINE and not thread.node.flags & (COROUTINE | GENERATOR):
            # Not placed: the next time the running task may bear another name.
            return self.child(thread, self.tasks.code(entry.index), entry.flags)
        node = self.child(thread, entry.index, entry.flags)
        self.codes.place(entry, code, node)
        return node

    # --- threads ---

    def thread_here(self, seed_callers: bool) -> Thread | None:
        """Find or make this thread's record; None: it is not to be watched."""
        try:
            thread = self.local.thread
        except AttributeError:
            return self._first_event(seed_callers)
        if thread.run == self.run and self.is_running:
            return thread
        return None if thread.ignored else self._first_event(seed_callers)

    def _first_event(self, seed: bool) -> Thread | None:
        ident = get_ident()
        if not self.is_running:
            return None
        if self.ignored.get(ident) == get_native_id():
            self.ignore_here()
            return None
        thread = self._by_ident.get(ident)
        if thread is not None and thread.native_id == get_native_id():
            thread.ended = 0.0  # its thread-local data died before it did
            self.local.thread = thread
            return thread
        thread = self.new_thread()
        self.seed(thread, self.program_frame(seed))
        return thread

    def ignore_here(self) -> None:
        """Give this thread a record that no event goes into."""
        self.ignored[get_ident()] = get_native_id()
        thread = Thread(-1, Node(None, 0, ROOT, 0), -1, sampled=False)
        thread.ignored = True
        self.local.thread = thread

    def new_thread(self) -> Thread:
        """Make the record of this thread, which has none yet."""
        with self._lock:
            index = len(self.threads)
            root = Node(None, index, ROOT, len(self.nodes) + 1)
            self.nodes.append(root)
            thread = Thread(index, root, self.run, self.is_sampled)
            self.threads.append(thread)
        thread.name = _name(thread)
        self._by_ident[thread.ident] = thread
        self.local.thread = thread
        self.local.end = _End(self, thread)
        return thread

    def end_thread(self, thread: Thread) -> None:
        """Close what is open in a thread that ends."""
        if not thread.ended:
            thread.ended = perf_counter()
            thread.close_all(thread.ended)

    # --- frames that already run ---

    def program_frame(self, callers: bool) -> FrameType | None:
        """Find the innermost frame that is not the twin's own, or its caller."""
        frame: FrameType | None = sys._getframe(1)
        is_own = self.codes.is_own
        while frame is not None and is_own(frame.f_code):
            frame = frame.f_back
        return frame.f_back if callers and frame is not None else frame

    def seed(self, thread: Thread, frame: FrameType | None) -> None:
        """Enter `frame` and its callers: they run already, so it is no call."""
        codes = []
        while frame is not None:
            codes.append(frame.f_code)
            frame = frame.f_back
        now = perf_counter()
        while codes:
            code = codes.pop()
            node = self.find_child(thread, code)
            if node is not None:
                thread.node = node
                node.code = code
                node.entered = now
                node.seeded += 1
                node.serial = self.new_serial()
                thread.running += 1

    def skip(
        self, thread: Thread, frame: FrameType | None, count: int
    ) -> FrameType | None:
        """Pass over `count` frames; their leaves will be no fault."""
        while frame is not None and count > 0:
            thread.skipped += not self.codes.entry(frame.f_code).ignored
            frame = frame.f_back
            count -= 1
        return frame

    # --- events that do not fit ---

    def find_open(self, thread: Thread, code: CodeType) -> Node | None:
        """Find the active node that `code` leaves, and make it the innermost."""
        entry = self.codes.entry(code)
        for node in thread.node.path():
            same = node.index == entry.index and not node.flags & KIND
            if node.code is code or same:
                self.repaired += thread.close(node, perf_counter())
                return node
        if thread.skipped:
            thread.skipped -= 1
        else:
            self.unmatched += 1
        return None

    def find_open_c(self, thread: Thread, code: CodeType, name: str) -> Node | None:
        """Find the C function of this name that `code` called, make it innermost."""
        for node in thread.node.path():
            if node.code == name and node.parent.code is code:
                self.repaired += thread.close(node, perf_counter())
                return node
        if thread.node.code is code:
            self.unmatched += 1
        return None

    def awaited(self) -> list[tuple[Node, float]]:
        """Give the coroutines that wait, and since when."""
        waiting = list(self.suspended.values())
        return [(node, since) for node, since, _ in waiting if node.flags & COROUTINE]


def _name(thread: Thread) -> str:
    if thread.native_id == getpid():
        return "MainThread"
    found = _thread_object(thread.ident)
    name = getattr(found, "_name", None)
    return name if isinstance(name, str) else f"thread-{thread.index}"


def _thread_object(ident: int) -> object:
    """Find the threading.Thread; its first frame knows it before `_active` does."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    if frame is not None and frame.f_code.co_name == "_bootstrap":
        return frame.f_locals.get("self")
    return getattr(sys.modules.get("threading"), "_active", {}).get(ident)
