"""Self and cumulative times of the nodes, with the cost of monitoring taken out."""

from __future__ import annotations

from collections import namedtuple
from operator import add, sub

from frametools._image.layout import C_FUNCTION

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
    self_wall = _own(tree.wall, tree.parent)
    self_cpu = _own(list(map(sub, tree.wall, tree.off)), tree.parent)
    if not raw and any(tree.costs):
        lost = _lost(tree)
        self_wall = _less(self_wall, lost)
        self_cpu = _less(self_cpu, lost)
    cum_wall = cumulative(self_wall, tree.parent)
    cum_cpu = cumulative(self_cpu, tree.parent)
    return Times(self_wall, self_cpu, cum_wall, cum_cpu)


def _own(total: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Subtract the children's totals; a total below theirs is raised to them."""
    below = [0] * len(total)
    own = below[:]
    for node in range(len(total) - 1, 0, -1):
        here, callees = total[node], below[node]
        if here > callees:
            own[node] = here - callees
            below[parent[node]] += here
        else:
            below[parent[node]] += callees
    return own


def cumulative(own: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Add to each node's own figure those of all nodes below it; O(nodes)."""
    total = list(own)
    for node in range(len(total) - 1, 0, -1):
        total[parent[node]] += total[node]
    total[0] = 0
    return total


def _less(times: list[int], lost: list[float]) -> list[int]:
    return [max(0, round(ns - cost)) for ns, cost in zip(times, lost, strict=True)]


def _lost(tree: CallTree) -> list[float]:
    """Sum what monitoring cost in each node: its own entries and its callees'."""
    costs = tree.costs
    entered = list(map(add, map(add, tree.calls, tree.resumes), tree.throws))
    lost = [count * costs.inside for count in entered]
    for node, (parent, kind) in enumerate(zip(tree.parent, tree.kind, strict=True)):
        if kind == C_FUNCTION:
            lost[node] += entered[node] * (costs.c_inside - costs.inside)
            lost[parent] += entered[node] * costs.c_outside
        else:
            lost[parent] += entered[node] * costs.outside
    return lost
