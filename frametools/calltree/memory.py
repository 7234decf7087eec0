"""What `profile --memory` saw, per node: bytes that came and went, and peaks."""

from __future__ import annotations

from collections import namedtuple

from frametools.calltree.times import cumulative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from frametools.calltree.tree import CallTree
    from frametools.events import CodeRef

VERSION = 1
_SOURCES = ("rss", "allocated")


class Memory(namedtuple("Memory", "source period_ms samples first is_whole own")):
    """Samples of one process, or of several added up; sizes are bytes."""

    __slots__ = ()

    source: str
    """`rss`: resident memory of the process; `allocated`: what tracemalloc counts."""
    period_ms: float
    samples: int
    first: int
    """The size when monitoring began."""
    is_whole: bool
    """False if sampling ended before the program: see docs/memory.md."""
    own: dict[int, tuple[int, int, int]]
    """Samples, net bytes, largest size, of the nodes that were innermost at one."""

    @property
    def net(self) -> int:
        """Bytes by which the process had grown at the last sample."""
        return sum(net for _, net, _ in self.own.values())

    @property
    def peak(self) -> int:
        """The largest size at any sample."""
        return max((peak for _, _, peak in self.own.values()), default=self.first)

    def column(self, which: int, nodes: int) -> list[int]:
        """Spread a figure of `own` over all nodes."""
        column = [0] * nodes
        for node, figures in self.own.items():
            column[node] = figures[which]
        return column


class FunctionMemory(
    namedtuple("FunctionMemory", "code samples self_net cum_net peak")
):
    """What a function did in all threads; sizes are bytes."""

    __slots__ = ()

    code: CodeRef
    samples: int
    """Those at which it was on the stack."""
    self_net: int
    """Change while it was innermost."""
    cum_net: int
    """Change while it was on the stack."""
    peak: int
    """The largest size of the process while it was on the stack."""


def read_memory(value: Any, nodes: int) -> Memory | None:
    """Take what a data file has; None if it is of another version, or damaged."""
    if not isinstance(value, dict) or value.get("version") != VERSION:
        return None
    names = ("nodes", "counts", "net", "peak")
    columns = [_numbers(value.get(name)) for name in names]
    head = _numbers([value.get("samples"), value.get("first")])
    is_right = (
        value.get("source") in _SOURCES
        and isinstance(value.get("period_ms"), int | float)
        and len(head) == 2
        and len(set(map(len, columns))) == 1
        and all(0 < node < nodes for node in columns[0])
    )
    if not is_right:
        return None
    own = {node: tuple(figures) for node, *figures in zip(*columns, strict=True)}
    whole = value.get("is_whole") is not False
    samples, first = head
    return Memory(value["source"], value["period_ms"], samples, first, whole, own)


def _numbers(column: Any) -> list[int]:
    """Take a list of whole numbers; none for anything else."""
    is_right = isinstance(column, list) and all(type(item) is int for item in column)
    return column if is_right else []


def write_memory(memory: Memory) -> dict[str, Any]:
    """Give what a data file holds of it."""
    rows = sorted(memory.own.items())
    return {
        "version": VERSION,
        "source": memory.source,
        "period_ms": memory.period_ms,
        "samples": memory.samples,
        "first": memory.first,
        "is_whole": memory.is_whole,
        "nodes": [node for node, _ in rows],
        "counts": [figures[0] for _, figures in rows],
        "net": [figures[1] for _, figures in rows],
        "peak": [figures[2] for _, figures in rows],
    }


def add_memory(
    total: Memory | None, memory: Memory | None, places: Sequence[int]
) -> Memory | None:
    """Add what another tree had: `places` maps its nodes to those of the total.

    Peaks are the largest of any process. Where some measured RSS and some allocations,
    those count that measured as the first did.
    """
    if memory is None or (total is not None and memory.source != total.source):
        return total
    if total is None:
        total = memory._replace(samples=0, first=0, own={})
    own = total.own
    for node, (count, net, peak) in memory.own.items():
        old = own.get(places[node], (0, 0, 0))
        own[places[node]] = old[0] + count, old[1] + net, max(old[2], peak)
    return total._replace(
        samples=total.samples + memory.samples,
        first=total.first + memory.first,
        is_whole=total.is_whole and memory.is_whole,
    )


def by_function(tree: CallTree) -> list[FunctionMemory]:
    """Add the nodes up by the name of their code; O(nodes)."""
    from frametools.calltree.functions import places_of_code

    memory = tree.memory
    if memory is None:
        return []
    code, nesting = places_of_code(tree)
    count, net, peak = (memory.column(at, len(tree.parent)) for at in range(3))
    counts, nets = cumulative(count, tree.parent), cumulative(net, tree.parent)
    for node in range(len(peak) - 1, 0, -1):
        parent = tree.parent[node]
        peak[parent] = max(peak[parent], peak[node])
    rows: dict[int, list[int]] = {}
    for node, level in enumerate(nesting):
        if not (level and counts[node]):
            continue
        row = rows.setdefault(code[node], [0, 0, 0, 0])
        row[1] += net[node]
        row[3] = max(row[3], peak[node])
        if level == 1:
            row[0] += counts[node]
            row[2] += nets[node]
    return [FunctionMemory(tree.codes[at], *row) for at, row in sorted(rows.items())]
