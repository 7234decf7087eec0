"""Writes the Python twin's nodes as a data file (docs/data-file.md).

The helper thread does that while the program runs, and the program must not find
modules imported that it did not ask for: so `frametools._image`, which knows the same
offsets, is not used here. tests/monitor reads with it what is written here.
"""

from __future__ import annotations

from _struct import pack
from time import perf_counter

from frametools.monitor._nodes import KIND, ROOT, TRACKED

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from frametools.monitor._forest import Forest
    from frametools.monitor._nodes import Node, Thread

    Rows = Iterable[tuple[int, bytes]]

FINISHED, SAMPLED, C_FUNCTIONS, PURE_PYTHON = 1, 2, 4, 16

_EXTENT_NODES, _EXTENT_META, _EXTENT_THREADS, _EXTENT_EVENTS = 1, 2, 3, 5
_META_CODE, _META_TASK = 1, 5
_HEADER = "=8s2IQ2Id11Q4dI"
_NODE = "=16x4Q4I32x3Q2I"


class Facts:
    """What a data file says beside the forest."""

    __slots__ = (
        "costs",
        "cpu_now",
        "cpu_start",
        "dropped",
        "flags",
        "notes",
        "parent_pid",
        "pid",
        "tick_now",
        "tick_start",
        "unix_start",
    )

    def __init__(self, pid: int, parent_pid: int) -> None:
        self.pid = pid
        self.parent_pid = parent_pid
        self.flags = PURE_PYTHON
        self.tick_start = self.tick_now = self.unix_start = 0
        self.cpu_start = self.cpu_now = self.dropped = 0
        self.costs = (0.0, 0.0, 0.0, 0.0)
        self.notes: list[tuple[int, bytes]] = []


def write(forest: Forest, facts: Facts, rows: Rows = ()) -> bytes:
    """Give the bytes of a data file, what is open closed now; 3 us per node."""
    threads, names = forest.threads[:], forest.codes.names[:]
    nodes = sorted(forest.nodes[:], key=_by_id)
    body = [
        _extent(_EXTENT_META, _names(names) + _notes(_tasks(forest) + facts.notes)),
        _extent(_EXTENT_NODES, b"".join(_records(forest, nodes, threads))),
        _extent(_EXTENT_THREADS, b"".join(map(_thread, threads))),
    ]
    for sequence, (owner, data) in enumerate(rows, 1):
        body.append(_extent(_EXTENT_EVENTS, data, owner, sequence))
    counts = len(nodes) + 1, len(names), len(threads)
    head = _header(forest, facts, 4096 + sum(map(len, body)), counts)
    return b"".join([head.ljust(4096, b"\0"), *body])


def _header(
    forest: Forest, facts: Facts, size: int, counts: tuple[int, int, int]
) -> bytes:
    flags = facts.flags | (SAMPLED if forest.is_sampled else 0)
    flags |= 0 if forest.is_running else FINISHED
    times = facts.tick_start, facts.tick_now, facts.unix_start
    cpu = facts.cpu_start, facts.cpu_now
    first = b"\x89FRAMES\n", 0x01020304, 1, size, facts.pid, flags, 1.0
    faults = forest.unmatched, forest.repaired
    last = *counts, facts.dropped, *facts.costs, facts.parent_pid
    return pack(_HEADER, *first, *times, *cpu, *faults, *last)


def _extent(kind: int, data: bytes, owner: int = 0, sequence: int = 0) -> bytes:
    return pack("=2I2Q2I", 0x58544E45, kind, 32 + len(data), 0, owner, sequence) + data


def _names(names: list[tuple[str, str, int, int, int]]) -> bytes:
    records = []
    for index, (qualname, filename, line, flags, kind) in enumerate(names):
        name = qualname.encode("utf-8", "surrogatepass")
        file = filename.encode("utf-8", "surrogatepass")
        head = pack("=6I", index, line, flags, kind, len(name), len(file))
        records.append((_META_CODE, head + name + file))
    return _notes(records)


def _tasks(forest: Forest) -> list[tuple[int, bytes]]:
    return [
        (_META_TASK, pack("=I", index) + name.encode("utf-8", "replace"))
        for index, name in forest.tasks.names[:]
    ]


def _notes(records: list[tuple[int, bytes]]) -> bytes:
    return b"".join(
        pack("=2I", kind, len(data)) + data + bytes(-len(data) % 8)
        for kind, data in records
    )


def _by_id(node: Node) -> int:
    return node.id


def _ns(seconds: float) -> int:
    return max(round(seconds * 1e9), 0)


def _records(forest: Forest, nodes: list[Node], threads: list[Thread]) -> list[bytes]:
    """Pack the nodes; calls are what left, less what was not a call."""
    size = len(nodes) + 1
    calls, wall, awaited = _still_open(forest, threads, size)
    off = _off(nodes, summed=not forest.is_sampled)
    records = [bytes(128)]  # node 0 is none
    for node in nodes:
        number, flags = node.id, node.flags
        parent = 0 if flags & KIND == ROOT else node.parent.id
        counts = max(node.calls + calls[number], 0), _ns(node.wall + wall[number])
        kin = number, parent, node.index, flags & ~TRACKED
        waited = _ns(node.awaited + awaited[number])
        head = *counts, _ns(off[number]), node.returns
        tail = node.resumes, node.yields, waited, node.throws, node.unwinds
        records.append(pack(_NODE, *head, *kin, *tail))
    return records


def _still_open(
    forest: Forest, threads: list[Thread], size: int
) -> tuple[list[int], list[float], list[float]]:
    """Give what open activations add to calls, wall and awaited."""
    calls, wall, awaited = [0] * size, [0.0] * size, [0.0] * size
    now = perf_counter()
    for thread in threads:
        for node, elapsed in thread.open_nodes(now):
            if node.id < size:
                calls[node.id] += 1
                wall[node.id] += 0.0 if forest.is_sampled else elapsed
    for node, since in forest.awaited():
        if node.id < size:
            awaited[node.id] += now - since
    return calls, wall, awaited


def _off(nodes: list[Node], *, summed: bool) -> list[float]:
    """Give `off` of each node's whole subtree; a child's id is above its parent's."""
    off = [0.0, *[node.off for node in nodes]]
    for node in reversed(nodes) if summed else ():
        if node.parent is not node:
            off[node.parent.id] += off[node.id]
    return off


def _thread(thread: Thread) -> bytes:
    name = thread.name.encode("utf-8", "replace")[:64]
    still_open = thread.open + sum(1 for _ in thread.open_nodes(0.0))
    return pack(
        "=Q8x3Q16x2I4Q64sQ2I80x",
        *(0, 0, _ns(thread.last), _ns(thread.off), thread.index, thread.root.id),
        *(thread.ident, thread.native_id, _ns(thread.first), _ns(thread.ended)),
        *(name, thread.running, thread.max_depth, still_open),
    )
