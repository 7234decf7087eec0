"""Self and cumulative times of the nodes, with the cost of monitoring taken out."""

from __future__ import annotations

from collections import namedtuple
from operator import add, sub

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
    """
    lost = None if raw or not any(tree.costs) else _lost(tree)
    wall = _spent(tree.wall, tree.parent, lost)
    cpu = _spent(list(map(sub, tree.wall, tree.off)), tree.parent, lost)
    return Times(wall[0], cpu[0], wall[1], cpu[1])


def _spent(
    total: Sequence[int], parent: Sequence[int], lost: Sequence[float] | None
) -> tuple[list[int], list[int]]:
    """Give self and cumulative times; a total below its callees' is raised to them.

    One pass from the last node to the first, so that callees come before callers:
    every report begins with it.
    """
    size = len(total)
    below, own, cum = [0] * size, [0] * size, [0] * size
    node = size
    for up, here in zip(reversed(parent), reversed(total), strict=True):
        node -= 1
        callees = below[node]
        if here > callees:
            below[up] += here
            mine = here - callees
            if lost is not None:
                mine = int(mine - lost[node] + 0.5)
            if mine > 0:
                own[node] = mine
                cum[node] += mine
        else:
            below[up] += callees
        cum[up] += cum[node]
    own[0] = cum[0] = 0
    return own, cum


def cumulative(own: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Add to each node's own figure those of all nodes below it; O(nodes)."""
    total = list(own)
    for node in range(len(total) - 1, 0, -1):
        total[parent[node]] += total[node]
    total[0] = 0
    return total


def _lost(tree: CallTree) -> list[float]:
    """Sum what monitoring cost in each node: its own entries and its callees'."""
    costs = tree.costs
    inside = (costs.inside, costs.c_inside, costs.inside)
    outside = (costs.outside, costs.c_outside, costs.outside)
    lost = [0.0] * len(tree.parent)
    columns = zip(tree.parent, tree.kind, _entered(tree), strict=True)
    for node, (up, kind, count) in enumerate(columns):
        lost[node] += count * inside[kind]
        lost[up] += count * outside[kind]
    return lost


def _entered(tree: CallTree) -> Sequence[int]:
    """Count how often each node was entered; O(nodes)."""
    total: Sequence[int] = tree.calls
    for more in (tree.resumes, tree.throws):
        if any(more):
            total = list(map(add, total, more))
    return total
