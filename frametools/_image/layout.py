"""Where things are in a data file (docs/data-file.md), and the file as an object."""

from __future__ import annotations

import sys
from array import array
from struct import Struct

from frametools.events import CodeRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MAGIC = b"\x89FRAMES\n"
VERSION = 1
BYTE_ORDER = 0x01020304
HEADER_SIZE = 4096

# Bits of `Image.flags`.
FINISHED, SAMPLED, C_FUNCTIONS, RECORDED = 1, 2, 4, 8
PURE_PYTHON, NODES_LOST, CUT_EARLY, CUT_LATE = 16, 32, 64, 128

EXTENT_MAGIC = 0x58544E45
FREE, NODES, META, THREADS, STACK, EVENTS = range(6)
META_CODE, META_INFO, META_EXCEPTIONS, META_MEMORY, META_TASK = 1, 2, 3, 4, 5

# Bits 0-1 of a node's flags.
PYTHON, C_FUNCTION, ROOT = 0, 1, 2

HEADER = "8s2IQ2Id11Q4dI"
HEADER_FIELDS = tuple(
    "magic byte_order version size pid flags ns_per_tick tick_start tick_now "
    "start_unix_ns cpu_start_ns cpu_now_ns unmatched repaired node_count code_count "
    "thread_count events_dropped cost_inside_ns cost_outside_ns cost_c_inside_ns "
    "cost_c_outside_ns parent_pid".split()
)
READER_FIELDS = frozenset({"size", "node_count", "code_count", "thread_count"})
EXTENT = "2I2Q2I"
EXTENT_SIZE = 32
RECORD = "2I"
CODE = "6I"
CODE_SIZE = 24
STACK_ENTRY = "4Q"
NODE_SIZE = 128
THREAD = "Q8x3Q16x2I4Q64sQ2I72xQ"
THREAD_FIELDS = tuple(
    "sp bottom last off index root ident native_id first ended name running "
    "max_depth open quiet_off".split()
)
THREAD_SIZE = 256
ROW = Struct("=Q2I")
"""A row of EVENTS in this machine's byte order: time << 8 | kind, node, argument."""
EVENT_KINDS = frozenset(range(1, 20))

# Offsets in a node's record; the column's array tells the width.
NODE_COLUMNS = {
    "parent": 52,
    "code": 56,
    "node_flags": 60,
    "calls": 16,
    "returns": 40,
    "resumes": 96,
    "yields": 104,
    "throws": 120,
    "unwinds": 124,
    "wall": 24,
    "off": 32,
    "awaited": 112,
}
NODE_ID = 48

_LOW_BITS = bytes(byte & 3 for byte in range(256))

LOST = CodeRef("<lost>")
"""Stands for a name that did not reach the file before its process died."""


def words(data: memoryview, width: int) -> memoryview[int]:
    """See bytes as the unsigned integers of 4 or 8 bytes that they hold."""
    return data.cast("I") if width == 4 else data.cast("Q")


def saturated(typecode: str, values: Sequence[int]) -> array[int]:
    """Make a column; a number that is too big for it, as of damage, is the biggest."""
    try:
        return array("Q" if typecode == "Q" else "I", values)
    except OverflowError:
        most = 2**64 - 1 if typecode == "Q" else 2**32 - 1
        return saturated(typecode, [min(value, most) for value in values])


class ImageError(ValueError):
    """A data file that cannot be read; the message is one line for the user."""


class ThreadRecord:
    """What the file says of a thread; times are ticks."""

    __slots__ = THREAD_FIELDS

    sp: int
    bottom: int
    last: int
    off: int
    index: int
    root: int
    ident: int
    native_id: int
    first: int
    ended: int
    name: str
    running: int
    max_depth: int
    open: int
    quiet_off: int

    def __init__(self, index: int, name: str = "", root: int = 0) -> None:
        for field in THREAD_FIELDS:
            setattr(self, field, 0)
        self.index = index
        self.name = name
        self.root = root


class Image:
    """A data file: header, node columns, names, threads, events and notes.

    Nodes are columns, named in `NODE_COLUMNS`; entry 0 is not a node. Times are ticks.
    """

    def __init__(self) -> None:
        """Make the image of a file that holds nothing yet; 1 tick is 1 ns."""
        self.pid = self.parent_pid = self.flags = 0
        self.ns_per_tick = 1.0
        self.tick_start = self.tick_now = self.start_unix_ns = 0
        self.cpu_start_ns = self.cpu_now_ns = 0
        self.unmatched = self.repaired = self.events_dropped = 0
        self.cost_inside_ns = self.cost_outside_ns = 0.0
        self.cost_c_inside_ns = self.cost_c_outside_ns = 0.0

        self.parent = array("I", [0])
        self.code = array("I", [0])
        self.node_flags = array("I", [0])
        self.calls = array("Q", [0])
        self.returns = array("Q", [0])
        self.resumes = array("Q", [0])
        self.yields = array("Q", [0])
        self.throws = array("I", [0])
        self.unwinds = array("I", [0])
        self.wall = array("Q", [0])
        self.off = array("Q", [0])
        self.awaited = array("Q", [0])

        self.codes: list[CodeRef] = []
        self.threads: list[ThreadRecord] = []
        self.events: dict[int, array[int]] = {}
        """Rows by thread, two words of 8 bytes each; `ROW` unpacks them."""
        self.notes: list[tuple[int, bytes]] = []
        """META records other than CODE: kind, data."""

    def columns(self) -> list[tuple[int, array[int]]]:
        """Give each column of nodes, after its offset in a node's record."""
        return [(at, getattr(self, name)) for name, at in NODE_COLUMNS.items()]

    def add_node(self, parent: int, code: int, flags: int = PYTHON) -> int:
        """Append a node without counts, and return its id."""
        for _, column in self.columns():
            column.append(0)
        self.parent[-1] = parent
        self.code[-1] = code
        self.node_flags[-1] = flags
        return len(self.parent) - 1

    def add_thread(self, name: str) -> ThreadRecord:
        """Append a thread with its root node, and return its record."""
        index = len(self.threads)
        thread = ThreadRecord(index, name, self.add_node(0, index, ROOT))
        self.threads.append(thread)
        return thread

    def kinds(self) -> bytes:
        """Give the kind of each node: PYTHON, C_FUNCTION or ROOT; O(nodes)."""
        step = self.node_flags.itemsize
        low = 0 if sys.byteorder == "little" else step - 1
        return self.node_flags.tobytes()[low::step].translate(_LOW_BITS)
