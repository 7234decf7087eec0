"""Self and cumulative times of the nodes, with the cost of monitoring taken out."""

from __future__ import annotations

from collections import namedtuple
from operator import add, mul, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.calltree.tree import CallTree


class Times(
    namedtuple(
        "Times",
        "self_wall self_cpu cum_wall cum_cpu",
    )
):
    """Columns over the nodes, in ns. CPU is the wall time in which the thread ran."""

    __slots__ = ()

    self_wall: list[int]
    self_cpu: list[int]
    cum_wall: list[int]
    cum_cpu: list[int]


def measure(tree: CallTree, *, raw: bool) -> Times:
    """Take what callees took from each node's time; O(nodes).

    A node never has less than its callees, nor less than 0 of its own: cumulative
    times are the self time and the callees' cumulative ones, always.

    Every report begins with it: what can be is done by C, a column at a time.
    """
    lost = None if raw or not any(tree.costs) else _lost(tree)
    wall = _own(tree.wall, tree.parent, lost)
    cpu = _own(list(map(sub, tree.wall, tree.off)), tree.parent, lost)
    return Times(wall, cpu, *_both_cumulative(wall, cpu, tree.parent))


def _own(
    total: Sequence[int], parent: Sequence[int], lost: Sequence[float] | None
) -> list[int]:
    """Give self times; a total below its callees' counts as what they took."""
    own = _less_callees(total, parent)
    if min(own) < 0:
        own = _less_callees(_raised(total, parent), parent)
    if lost is None:
        return own
    return [
        int(time - cost + 0.5) if time > cost else 0
        for time, cost in zip(own, lost, strict=True)
    ]


def _less_callees(total: Sequence[int], parent: Sequence[int]) -> list[int]:
    below = [0] * len(total)
    for up, here in zip(parent, total, strict=True):
        below[up] += here
    below[0] = total[0]
    return list(map(sub, total, below))


def _raised(total: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Raise what is less than its callees' total to that, from the last node on."""
    size = len(total)
    below, raised = [0] * size, list(total)
    node = size
    for up, here in zip(reversed(parent), reversed(total), strict=True):
        node -= 1
        if here < below[node]:
            here = raised[node] = below[node]
        below[up] += here
    return raised


def _both_cumulative(
    wall: list[int], cpu: list[int], parent: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Do what `cumulative` does with two columns in one loop.

    The columns change while they are gone through: a node comes after its callees.
    """
    walls, cpus = wall[:], cpu[:]
    columns = zip(reversed(parent), reversed(walls), reversed(cpus), strict=True)
    for up, one, other in columns:
        walls[up] += one
        cpus[up] += other
    walls[0] = cpus[0] = 0
    return walls, cpus


def cumulative(own: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Add to each node's own figure those of all nodes below it; O(nodes)."""
    total = list(own)
    for up, below in zip(reversed(parent), reversed(total), strict=True):
        total[up] += below  # of a node that is still to come
    total[0] = 0
    return total


def _lost(tree: CallTree) -> list[float]:
    """Sum what monitoring cost in each node: its own entries and its callees'."""
    costs = tree.costs
    inside = (costs.inside, costs.c_inside, costs.inside)
    outside = (costs.outside, costs.c_outside, costs.outside)
    entered, kinds = _entered(tree), tree.kind
    lost = list(map(mul, entered, map(inside.__getitem__, kinds)))
    callees = map(mul, entered, map(outside.__getitem__, kinds))
    for up, cost in zip(tree.parent, callees, strict=True):
        lost[up] += cost
    return lost


def _entered(tree: CallTree) -> Sequence[int]:
    """Count how often each node was entered; O(nodes)."""
    total: Sequence[int] = tree.calls
    for more in (tree.resumes, tree.throws):
        if any(more):
            total = list(map(add, total, more))
    return total
