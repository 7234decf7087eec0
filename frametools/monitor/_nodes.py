"""Nodes and threads of the tree while the Python twin lets it grow.

A node is a path of calls, and a thread's stack is one path, so a node is active at
most once at a time: the activation's own data stand in the node, and entering and
leaving a function allocate nothing.
"""

from __future__ import annotations

from _thread import get_ident, get_native_id
from time import clock_gettime_ns, perf_counter, thread_time

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

SYNC_EVERY = 100e-6
"""Seconds after which a thread reads its CPU clock again, which costs 0.5 us."""

# Bits of a node's flags (docs/data-file.md); TRACKED is private.
PYTHON, C_FUNCTION, ROOT, KIND = 0, 1, 2, 3
COROUTINE, GENERATOR, TRACKED = 4, 8, 16

# The numbers of frametools.events.EventKind, without the cost of importing it.
PY_START, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND = range(1, 7)
LINE, CALL, C_RETURN, C_RAISE, RAISE, RERAISE, EXCEPTION_HANDLED = range(7, 14)
STOP_ITERATION, INSTRUCTION, JUMP, BRANCH_LEFT, BRANCH_RIGHT, BRANCH = range(14, 20)

LATER: list[tuple[float, Callable[[], None]]] = []
"""What is to be done at the next look at the CPU clock after a moment."""

_NO_CHILDREN: dict[int, Node] = {}


class Node:
    """One path of calls; times are seconds."""

    __slots__ = (
        "awaited",
        "by_index",
        "children",
        "code",
        "depth",
        "entered",
        "flags",
        "id",
        "index",
        "lost",
        "off",
        "parent",
        "resumes",
        "returns",
        "seeded",
        "serial",
        "throws",
        "unwinds",
        "wall",
        "yields",
    )

    parent: Node

    def __init__(
        self, parent: Node | None, index: int, flags: int, number: int
    ) -> None:
        self.id = number
        self.index = index
        self.flags = flags
        self.parent = self if parent is None else parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        # Shared while empty: most nodes are leaves.
        self.children = self.by_index = _NO_CHILDREN
        self.code: CodeType | str | None = None
        """What runs in it, only while it is active: nothing is kept alive."""
        self.entered = self.wall = self.off = self.awaited = 0.0
        self.returns = self.yields = self.unwinds = self.resumes = self.throws = 0
        self.lost = self.seeded = self.serial = 0

    def adopt(self, child: Node) -> None:
        """Make `child` known under its index."""
        if self.by_index is _NO_CHILDREN:
            self.by_index = {}
            self.children = {}
        self.by_index[child.index] = child

    def path(self) -> Iterator[Node]:
        """Give the nodes from this one outwards, without the root."""
        node = self
        while node.parent is not node:
            yield node
            node = node.parent

    @property
    def calls(self) -> int:
        """Calls whose activation, or its first part, is over."""
        left = self.returns + self.yields + self.unwinds + self.lost
        return left - self.resumes - self.throws - self.seeded

    def count_events(self) -> int:
        """Count the events that came to this node; open activations are left out."""
        return 2 * (self.returns + self.yields + self.unwinds) + self.lost - self.seeded


Activation = tuple[Node, "CodeType | str | None", float, int]
"""What stands in an active node: itself, code, entered, serial."""


class Thread:
    """A thread that made events: its root, and the node that it is in."""

    __slots__ = (
        "due",
        "ended",
        "first",
        "greenlet",
        "ident",
        "ignored",
        "index",
        "is_sampled",
        "last",
        "max_depth",
        "name",
        "native_id",
        "node",
        "off",
        "open",
        "root",
        "run",
        "running",
        "saved",
        "skipped",
        "sync_cpu",
        "sync_wall",
    )

    def __init__(self, index: int, root: Node, run: int, sampled: bool) -> None:
        self.index = index
        self.is_sampled = sampled
        self.run = run
        self.root = self.node = root
        self.ident = get_ident()
        self.native_id = get_native_id()
        self.first = self.last = self.sync_wall = perf_counter()
        self.sync_cpu = thread_time()
        self.off = self.ended = self.due = 0.0
        self.running = self.open = self.max_depth = self.skipped = 0
        self.ignored = self.greenlet = False
        self.name = ""
        self.saved: dict[int, tuple[float, list[Activation]]] = {}
        """The stack of each greenlet that does not run, and when it stopped."""

    def sync(self, node: Node, now: float) -> None:
        """Charge to `node` the time in which this thread did not run; 0.5 us."""
        self.charge_off(node, now, thread_time())
        self.last = now
        self.due = now + SYNC_EVERY
        if LATER and now > LATER[-1][0]:
            LATER.pop()[1]()

    def charge_off(self, node: Node, now: float, cpu: float) -> None:
        """Charge the time in which this thread did not run; `cpu` is its clock."""
        off = (now - self.sync_wall) - (cpu - self.sync_cpu)
        if off > self.off:
            node.off += off - self.off
            self.off = off

    def cpu_time(self) -> float:
        """Read the CPU clock from another thread; as it was last, once this ended.

        The clock's number is made as Linux's MAKE_THREAD_CPUCLOCK does; it fails for a
        thread that ended, where pthread_getcpuclockid would be undefined.
        """
        try:
            return clock_gettime_ns(~self.native_id << 3 | 6) / 1e9
        except OSError:
            return self.sync_cpu

    def leave(self, node: Node, now: float) -> None:
        """Leave `node`, the innermost; what it left by is counted elsewhere."""
        if not self.is_sampled:
            if now > self.due:
                self.sync(node, now)
            node.wall += now - node.entered
        node.code = None
        self.last = now
        self.node = node.parent

    def close(self, until: Node, now: float) -> int:
        """Leave nodes until `until` is the innermost, without an event."""
        closed = 0
        while self.node is not until and self.node is not self.root:
            node = self.node
            if not self.is_sampled:
                node.wall += now - node.entered
            node.lost += 1
            node.code = None
            self.node = node.parent
            closed += 1
        self.open += closed
        return closed

    def open_nodes(self, now: float) -> Iterator[tuple[Node, float]]:
        """Give each active node, with the seconds it has run."""
        for node in self.node.path():
            yield node, now - node.entered
        for left, stack in list(self.saved.values()):
            for node, _, entered, _ in stack:
                yield node, left - entered

    # --- greenlets: several stacks, one of which runs ---

    def put_aside(self, greenlet: int, now: float) -> None:
        """Keep the stack of a greenlet that stops; the thread has none then."""
        stack = [(n, n.code, n.entered, n.serial) for n in self.node.path()]
        self.saved[greenlet] = now, stack
        for node, *_ in stack:
            node.code = None
        self.node = self.root

    def put_back(self, greenlet: int, now: float) -> bool:
        """Go on with a greenlet's stack; False if it has none yet."""
        self.node = self.root
        if greenlet not in self.saved:
            return False
        left, stack = self.saved.pop(greenlet)
        for node, code, entered, serial in stack:
            node.code = code
            node.entered = entered + (now - left)
            node.serial = serial
        if stack:
            self.node = stack[0][0]
        return True

    def close_all(self, now: float) -> None:
        """Close every stack."""
        self.close(self.root, now)
        for greenlet in list(self.saved):
            left, _ = self.saved[greenlet]
            self.put_back(greenlet, left)
            self.close(self.root, left)
