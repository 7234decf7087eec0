"""Nodes of two trees that stand for the same calls: diff, equality."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frametools.calltree.contexts import Contexts
from frametools.calltree.tree import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frametools.calltree.tree import CallTree


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
    """A tree with every context of two; `places` lead from their nodes to it."""

    def __init__(self, one: CallTree, other: CallTree) -> None:
        self._contexts = Contexts()
        self._places = [self._contexts.place(tree) for tree in (one, other)]

    def spread(self, which: int, column: Iterable[int]) -> list[int]:
        """Give a column of one tree over the nodes of the common one."""
        total = [0] * len(self._contexts)
        for place, value in zip(self._places[which], column, strict=True):
            total[place] += value
        return total


def same_counts(one: CallTree, other: CallTree) -> bool:
    """Tell if the trees have the same contexts with the same counts."""
    both = _Alignment(one, other)
    return all(
        both.spread(0, getattr(one, name)) == both.spread(1, getattr(other, name))
        for name in COUNTS
    )


def diff(one: CallTree, other: CallTree) -> list[NodeDiff]:
    """List the contexts whose counts or self times differ."""
    both = _Alignment(one, other)
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
