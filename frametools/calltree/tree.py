"""`CallTree`: columns of counts and times over the nodes, and ways through them."""

from __future__ import annotations

from array import array
from collections import namedtuple
from functools import cached_property

from frametools._image.layout import PYTHON, ROOT
from frametools.events import CodeKind, CodeRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from typing import Any

    from frametools._image import Image
    from frametools.calltree.align import NodeDiff
    from frametools.calltree.functions import FunctionStats
    from frametools.calltree.memory import Memory
    from frametools.calltree.tasks import Tasks
    from frametools.calltree.times import Times
    from frametools.recording import Recording

COUNTS = ("calls", "returns", "resumes", "yields", "throws", "unwinds")
TIMES = ("wall", "off", "awaited")


class ThreadInfo(
    namedtuple(
        "ThreadInfo",
        "number name root ident native_id first last ended off running max_depth open",
        defaults=(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ),
    )
):
    """A thread of the observed process; times are ns since monitoring began."""

    __slots__ = ()

    number: int
    name: str
    root: int
    """Its root node; 0 if it has none."""
    ident: int
    native_id: int
    first: int
    """When its first event came."""
    last: int
    """When its last event came."""
    ended: int
    """When it ended; 0 while it runs."""
    off: int
    """ns since `first` in which it did not run."""
    running: int
    """Frames that already ran when monitoring began."""
    max_depth: int
    open: int
    """Activations still open when monitoring stopped."""


class Costs(
    namedtuple(
        "Costs",
        "inside outside c_inside c_outside",
        defaults=(
            0.0,
            0.0,
            0.0,
            0.0,
        ),
    )
):
    """What monitoring costs, in ns per activation.

    `inside` falls into the activation's own interval, `outside` on its caller; the
    other two are the same for C functions.
    """

    __slots__ = ()

    inside: float
    outside: float
    c_inside: float
    c_outside: float


class CallTree:
    """Calling contexts of a process: a tree per thread.

    A node is a number. `parent`, `code` (index into `codes`; for the root of a thread
    its index), `kind` (0 Python, 1 C function, 2 root of a thread), the counts and the
    times are columns, indexed by it. Node 0 is none; a parent has a lower number than
    its children. `wall` has the ns inside a node's activations, callees included;
    `off` those of them in which the thread did not run; `awaited` the ns a coroutine
    was suspended. `times()` makes self times of them.

    Trees are equal if they have the same contexts with the same counts, by the names
    of threads and code; times do not matter, nor do nodes without a count.
    """

    def __init__(self) -> None:
        """Make an empty tree."""
        self.parent = array("I", [0])
        self.code = array("I", [0])
        self.kind = bytes(1)
        self.node_flags = array("I", [0])
        self.calls, self.returns, self.resumes = _zeros(), _zeros(), _zeros()
        self.yields, self.throws, self.unwinds = _zeros(), _zeros(), _zeros()
        self.wall, self.off, self.awaited = _zeros(), _zeros(), _zeros()
        self.codes: list[CodeRef] = []
        self.threads: list[ThreadInfo] = []
        self.costs = Costs()

        self.is_finished = True
        self.is_sampled = self.has_c_functions = self.has_events = False
        self.is_pure_python = self.has_lost_nodes = False
        self.is_cut_early = self.is_cut_late = False

        self.pid = self.parent_pid = 0
        self.start_unix_ns = self.wall_ns = self.cpu_ns = 0
        self.unmatched = self.repaired = self.events_dropped = 0

        self.notes: list[tuple[int, bytes]] = []
        """Notes of the file as they stand there; see `info` and `exceptions`."""
        self._times: dict[bool, Times] = {}
        self._tasks: Tasks | None = None

    # --- files ---

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> CallTree:
        """Read the tree of a data file; ImageError if it is none, OSError."""
        from frametools._image import load

        return cls.from_image(load(path, events=False))

    @classmethod
    def from_image(cls, image: Image | bytes) -> CallTree:
        """Take a data file, or the bytes of one; O(nodes)."""
        from frametools.calltree.file import from_image

        return from_image(image)

    @classmethod
    def from_recording(cls, recording: Recording) -> CallTree:
        """Build the tree from the events of a recording alone; O(events).

        There is no CPU time in it: `off` is 0.
        """
        from frametools.calltree.replay import from_recording

        return from_recording(recording)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a data file in one step; OSError leaves an old file as it is."""
        from frametools._image import save

        save(self.to_image(), path)

    def to_image(self) -> Image:
        """Give the tree as a data file; O(nodes)."""
        from frametools.calltree.file import to_image

        return to_image(self)

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the profiler noted about the run: command, Python, ..."""
        from frametools._image.notes import read_info

        return read_info(self.notes)

    @cached_property
    def exceptions(self) -> list[dict[str, Any]]:
        """What `monitor.exceptions` counted."""
        from frametools._image.notes import read_exceptions

        return read_exceptions(self.notes)

    @cached_property
    def memory(self) -> Memory | None:
        """What `profile --memory` sampled; None where it did not."""
        from frametools._image.notes import read_memory_note
        from frametools.calltree.memory import read_memory

        return read_memory(read_memory_note(self.notes), len(self.parent))

    @cached_property
    def task_names(self) -> dict[int, str]:
        """Names of tasks that bear one of their own, by the code that begins them.

        The outermost coroutine of such a task has an entry in `codes` for each name.
        """
        from frametools._image.notes import read_task_names

        return read_task_names(self.notes, len(self.codes))

    # --- nodes ---

    def __len__(self) -> int:
        """Count the nodes, the roots of threads among them."""
        return len(self.parent) - 1

    def ref(self, node: int) -> CodeRef:
        """Name the code of a node; a root has the name of its thread."""
        if self.kind[node] == ROOT:
            return CodeRef(self.threads[self.code[node]].name, kind=CodeKind.OTHER)
        return self.codes[self.code[node]]

    def children(self, node: int) -> list[int]:
        """Give the nodes that `node` called, in the order of their first call."""
        first, following = self.links
        found, child = [], first[node]
        while child:
            found.append(child)
            child = following[child]
        return found

    def path(self, node: int) -> list[int]:
        """Give the nodes from the outermost call to `node`; O(depth)."""
        found = []
        while node and self.kind[node] != ROOT:
            found.append(node)
            node = self.parent[node]
        return found[::-1]

    def thread(self, node: int) -> ThreadInfo:
        """Find the thread that a node belongs to; O(depth)."""
        while self.kind[node] != ROOT:
            node = self.parent[node]
        return self.threads[self.code[node]]

    def walk(self, node: int = 0) -> Iterator[int]:
        """Go through `node` and all below it, callers first; 0 is all threads."""
        first, following = self.links
        waiting = [node] if node else [t.root for t in self.threads if t.root][::-1]
        while waiting:
            at = waiting.pop()
            yield at
            if following[at] and at != node and self.kind[at] != ROOT:
                waiting.append(following[at])
            if first[at]:
                waiting.append(first[at])

    def depth(self, node: int) -> int:
        """Count the Python frames from the thread's root to `node`, itself included.

        A C function has no frame: its depth is that of its caller.
        """
        return self.depths[node]

    @property
    def max_depth(self) -> int:
        """The deepest stack that was seen."""
        return max(self.depths)

    @cached_property
    def depths(self) -> list[int]:
        """The depth of each node."""
        depths = [0] * len(self.parent)
        for node, (parent, kind) in enumerate(zip(self.parent, self.kind, strict=True)):
            depths[node] = depths[parent] + (kind == PYTHON and node > 0)
        return depths

    @cached_property
    def links(self) -> tuple[array[int], array[int]]:
        """Two columns: the first child of each node, and its next sibling.

        Arrays: a walk goes to and fro in them, and in a list each number is elsewhere.
        """
        first = array("I", bytes(4 * len(self.parent)))
        following = first[:]
        for node in range(len(first) - 1, 0, -1):
            parent = self.parent[node]
            following[node] = first[parent]
            first[parent] = node
        first[0] = 0
        return first, following

    # --- figures ---

    def activations(self, node: int) -> int:
        """Count how often a node was entered: calls, resumes and throws."""
        return self.calls[node] + self.resumes[node] + self.throws[node]

    def times(self, *, raw: bool = False) -> Times:
        """Give self and cumulative times per node, in ns; O(nodes) the first time.

        `raw` leaves in them what monitoring itself cost (`costs`).
        """
        if raw not in self._times:
            from frametools.calltree.times import measure

            self._times[raw] = measure(self, raw=raw)
        return self._times[raw]

    def self_wall(self, node: int) -> int:
        """Give the ns in a node itself, not in what it called."""
        return self.times().self_wall[node]

    def self_cpu(self, node: int) -> int:
        """Give the CPU time in a node itself, in ns."""
        return self.times().self_cpu[node]

    def functions(self, *, raw: bool = False) -> list[FunctionStats]:
        """Give a row per function, over all its nodes; O(nodes)."""
        from frametools.calltree.functions import tabulate

        return tabulate(self, raw=raw)

    def tasks(self) -> Tasks:
        """Tell which calls ran in which tasks; O(nodes) the first time."""
        if self._tasks is None:
            from frametools.calltree.tasks import find_tasks

            self._tasks = find_tasks(self)
        return self._tasks

    def by_task(self) -> CallTree:
        """Give the same calls with a root for each task in place of a thread's.

        What ran in no task stays below its thread. The roots are `threads` of the new
        tree, the tasks first, those with most CPU time before others. O(nodes).
        """
        from frametools.calltree.by_task import by_task

        return by_task(self)

    # --- several trees ---

    def merge(self, *others: CallTree) -> CallTree:
        """Add trees up, by the names of threads and code; O(nodes)."""
        from frametools.calltree.merging import merge

        return merge((self, *others))

    def diff(self, other: CallTree) -> list[NodeDiff]:
        """List the contexts whose counts or self times differ; O(nodes)."""
        from frametools.calltree.align import diff

        return diff(self, other)

    def __eq__(self, other: object) -> bool:
        """Tell if both have the same contexts with the same counts."""
        if not isinstance(other, CallTree):
            return NotImplemented
        from frametools.calltree.align import same_counts

        return same_counts(self, other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        calls = sum(self.calls)
        return f"<CallTree: {calls} calls in {len(self)} nodes, pid {self.pid}>"


def _zeros() -> array[int]:
    return array("Q", [0])
