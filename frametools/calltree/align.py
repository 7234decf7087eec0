"""Nodes of several trees that stand for the same calls: merge, diff, equality."""

from __future__ import annotations

from array import array
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from frametools._image.layout import C_FUNCTION, ROOT, saturated
from frametools._image.notes import write_notes
from frametools.calltree.tree import COUNTS, TIMES, CallTree, Costs, ThreadInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frametools.events import CodeRef


class NodeDiff(NamedTuple):
    """How a context changed: figures of the other tree less those of the first."""

    before: int
    """Its node in the first tree; 0 if it is not there."""
    after: int
    """Its node in the other tree; 0 if it is not there."""
    calls: int
    self_wall: int
    self_cpu: int
    is_count_changed: bool
    """True if any count differs, not only times."""


class _Alignment:
    """A tree with every context of the given ones; `places` maps their nodes to it."""

    def __init__(self, trees: Sequence[CallTree]) -> None:
        self.trees = trees
        self.codes: dict[CodeRef, int] = {}
        self.threads: dict[tuple[str, int], int] = {}
        self.parent, self.code = array("I", [0]), array("I", [0])
        self.node_flags = array("I", [0])
        self._nodes: dict[tuple[int, int, int], int] = {}
        self.places = [self._place(tree) for tree in trees]

    def _place(self, tree: CallTree) -> list[int]:
        codes = [self.codes.setdefault(code, len(self.codes)) for code in tree.codes]
        threads = [
            self.threads.setdefault(key, len(self.threads)) for key in thread_keys(tree)
        ]
        places = [0]
        columns = zip(tree.parent, tree.code, tree.kind, tree.node_flags, strict=True)
        next(columns)
        for parent, code, kind, flags in columns:
            index = threads[code] if kind == ROOT else codes[code]
            places.append(self._node(places[parent], index, kind, flags))
        return places

    def _node(self, parent: int, code: int, kind: int, flags: int) -> int:
        node = self._nodes.setdefault((parent, code, kind), len(self.parent))
        if node == len(self.parent):
            self.parent.append(parent)
            self.code.append(code)
            self.node_flags.append(flags)
        return node

    def spread(self, which: int, column: Iterable[int]) -> list[int]:
        """Give a column of one tree over the nodes of the common one."""
        total = [0] * len(self.parent)
        for place, value in zip(self.places[which], column, strict=True):
            total[place] += value
        return total


def thread_keys(tree: CallTree) -> list[tuple[str, int]]:
    """Name each thread: by its name, and its number among those of that name."""
    seen: dict[str, int] = {}
    keys = []
    for thread in tree.threads:
        seen[thread.name] = seen.get(thread.name, 0) + 1
        keys.append((thread.name, seen[thread.name]))
    return keys


def same_counts(one: CallTree, other: CallTree) -> bool:
    """Tell if the trees have the same contexts with the same counts."""
    both = _Alignment([one, other])
    return all(
        both.spread(0, getattr(one, name)) == both.spread(1, getattr(other, name))
        for name in COUNTS
    )


def diff(one: CallTree, other: CallTree) -> list[NodeDiff]:
    """List the contexts whose counts or self times differ."""
    both = _Alignment([one, other])
    nodes = [both.spread(0, range(len(one.parent)))]
    nodes.append(both.spread(1, range(len(other.parent))))
    changes = [
        _change(both, getattr(one, name), getattr(other, name)) for name in COUNTS
    ]
    walls = _change(both, one.times().self_wall, other.times().self_wall)
    cpus = _change(both, one.times().self_cpu, other.times().self_cpu)
    changed = map(any, zip(*changes, strict=True))
    rows = zip(*nodes, changes[0], walls, cpus, changed, strict=True)
    return [NodeDiff(*row) for row in rows if any(row[2:])]


def _change(both: _Alignment, one: Sequence[int], other: Sequence[int]) -> list[int]:
    pairs = zip(both.spread(0, one), both.spread(1, other), strict=True)
    return [after - before for before, after in pairs]


def merge(*trees: CallTree) -> CallTree:
    """Add trees up; notes on the run are those of the first."""
    common = _Alignment(trees)
    tree = CallTree()
    tree.parent, tree.code = common.parent, common.code
    tree.node_flags = common.node_flags
    tree.kind = bytes(flags & 3 for flags in common.node_flags)
    for name in COUNTS + TIMES:
        columns = (common.spread(at, getattr(t, name)) for at, t in enumerate(trees))
        total = [0] * len(tree.parent)
        for column in columns:
            total = list(map(add, total, column))
        setattr(tree, name, saturated("Q", total))
    tree.codes = list(common.codes)
    tree.threads = _merge_threads(common)
    _merge_header(tree, trees)
    return tree


def _merge_threads(common: _Alignment) -> list[ThreadInfo]:
    merged: dict[int, ThreadInfo] = {}
    for tree, places in zip(common.trees, common.places, strict=True):
        for key, thread in zip(thread_keys(tree), tree.threads, strict=True):
            index = common.threads[key]
            mine = thread._replace(number=index, root=places[thread.root])
            merged[index] = _add_threads(merged.get(index), mine)
    return [thread for _, thread in sorted(merged.items())]


def _add_threads(one: ThreadInfo | None, other: ThreadInfo) -> ThreadInfo:
    if one is None:
        return other
    return one._replace(
        root=one.root or other.root,
        last=max(one.last, other.last),
        off=one.off + other.off,
        running=one.running + other.running,
        max_depth=max(one.max_depth, other.max_depth),
        open=one.open + other.open,
    )


def _merge_header(tree: CallTree, trees: Sequence[CallTree]) -> None:
    first = trees[0]
    tree.pid, tree.parent_pid = first.pid, first.parent_pid
    tree.is_finished = all(t.is_finished for t in trees)
    for name in (
        "is_sampled has_c_functions has_events is_pure_python has_lost_nodes "
        "is_cut_early is_cut_late".split()
    ):
        setattr(tree, name, any(getattr(t, name) for t in trees))
    for name in ("cpu_ns", "unmatched", "repaired", "events_dropped"):
        setattr(tree, name, sum(getattr(t, name) for t in trees))
    tree.start_unix_ns = min(t.start_unix_ns for t in trees)
    ends = (t.start_unix_ns + t.wall_ns for t in trees)
    tree.wall_ns = max(ends) - tree.start_unix_ns
    tree.costs = _merge_costs(trees)
    exceptions = [row for t in trees for row in t.exceptions]
    tree.notes = write_notes(first.info, exceptions)


def _merge_costs(trees: Sequence[CallTree]) -> Costs:
    """Give the costs that take the same sum from the merged tree as from its parts."""
    totals, weights = [0.0] * 4, [0, 0]
    for tree in trees:
        entered = [0, 0]
        columns = zip(tree.kind, tree.calls, tree.resumes, tree.throws, strict=True)
        for kind, calls, resumes, throws in columns:
            entered[kind == C_FUNCTION] += calls + resumes + throws
        for at, cost in enumerate(tree.costs):
            totals[at] += cost * entered[at // 2]
        weights = list(map(add, weights, entered))
    return Costs(*(total / max(1, weights[at // 2]) for at, total in enumerate(totals)))
