"""Self and cumulative times of the nodes, with the cost of monitoring taken out.

Every report begins with it: what can be is done by C, a column at a time, and CPU
times are worked out only where a thread did not run: elsewhere they are the wall times.
"""

from __future__ import annotations

from array import array
from collections import namedtuple
from heapq import heapify, heappop, heappush
from itertools import compress
from operator import add, is_not, mul, ne

from frametools._image.layout import C_FUNCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frametools.calltree.tree import CallTree

    Column = array[int] | list[int]
    """An array takes a fifth of a list, and so half the time; it holds 64 bits."""


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
    wall, cpu = self_times(tree, raw=raw)
    walls = cumulative(wall, tree.parent)
    return Times(wall, cpu, walls, _cumulative_cpu(wall, cpu, walls, tree.parent))


def self_times(tree: CallTree, *, raw: bool) -> tuple[list[int], list[int]]:
    """Give the self times of `measure` alone, wall and CPU: half the work."""
    try:
        return _self_times(tree, array("q", tree.wall), raw=raw)
    except OverflowError:
        return _self_times(tree, list(tree.wall), raw=raw)


def _self_times(
    tree: CallTree, wall: Column, *, raw: bool
) -> tuple[list[int], list[int]]:
    lost = _take_callees(tree, wall, raw=raw)
    cpu = _less_off(wall, tree)
    _raise(cpu, tree)
    _raise(wall, tree)
    walls = list(wall) if lost is None else _less_lost(wall, lost)
    # Most nodes did not wait: they have the same number twice.
    differ = list(compress(range(len(cpu)), map(ne, cpu, wall)))
    less = [cpu[node] for node in differ]
    if lost is not None:
        less = _less_lost(less, [lost[node] for node in differ])
    cpus = walls[:]
    for node, time in zip(differ, less, strict=True):
        cpus[node] = time
    return walls, cpus


def _less_lost(own: Sequence[int], lost: Sequence[float]) -> list[int]:
    rows = zip(own, lost, strict=True)
    return [int(time - cost + 0.5) if time > cost else 0 for time, cost in rows]


def _take_callees(tree: CallTree, own: Column, *, raw: bool) -> array[float] | None:
    """Take callees' wall times from `own`; sum what monitoring cost in each node.

    That is the cost of its own entries and of its callees'.
    """
    if raw or not any(tree.costs):
        for up, time in zip(tree.parent, tree.wall, strict=True):
            own[up] -= time
        return None
    lost, outside = _costs(tree)
    for up, time, cost in zip(tree.parent, tree.wall, outside, strict=True):
        own[up] -= time
        lost[up] += cost
    return lost


def _costs(tree: CallTree) -> tuple[array[float], Iterator[float]]:
    """Give what the entries of each node cost, inside it and outside."""
    costs = tree.costs
    entered, kinds = _entered(tree), tree.kind
    if C_FUNCTION not in kinds:
        inside = array("d", map(costs.inside.__mul__, entered))
        return inside, map(costs.outside.__mul__, entered)
    each_in = (costs.inside, costs.c_inside, costs.inside)
    each_out = (costs.outside, costs.c_outside, costs.outside)
    inside = array("d", map(mul, entered, map(each_in.__getitem__, kinds)))
    return inside, map(mul, entered, map(each_out.__getitem__, kinds))


def _entered(tree: CallTree) -> Sequence[int]:
    """Count how often each node was entered; O(nodes)."""
    total: Sequence[int] = tree.calls
    for more in (tree.resumes, tree.throws):
        if any(more):
            total = list(map(add, total, more))
    return total


def _less_off(own: Column, tree: CallTree) -> Column:
    """Take the time in which the thread did not run from a copy of wall times.

    Most often that is none, but for few nodes and their callers.
    """
    cpu, parent, off = own[:], tree.parent, tree.off
    for node, time in compress(enumerate(off), off):
        cpu[node] -= time
        cpu[parent[node]] += time
    return cpu


def _raise(own: Column, tree: CallTree) -> None:
    """Let a total that is below its callees' count as what they took.

    What a node lacks is taken from its caller, whose callees took that much more; so
    the caller may come to lack some, and has its turn after all that is below it.
    Roots always lack: nobody takes their time.
    """
    own[0], parent = 0, tree.parent
    for thread in tree.threads:
        own[thread.root] = max(own[thread.root], 0)
    if min(own) >= 0:
        return
    short = [-node for node, time in enumerate(own) if time < 0]
    heapify(short)
    while short:
        node = -heappop(short)
        up = parent[node]
        if up and own[up] >= 0 > own[up] + own[node]:
            heappush(short, -up)
        own[up] += own[node]
        own[node] = 0
    own[0] = 0


def _cumulative_cpu(
    wall: list[int], cpu: list[int], walls: list[int], parent: Sequence[int]
) -> list[int]:
    """Give the cumulative CPU times: `walls` less what was waited at or below a node.

    Where a node did not wait, `self_times` gives the same number for both.
    """
    size = len(wall)
    waited, has_waited = [0] * size, bytearray(size)
    for node in compress(range(size), map(is_not, wall, cpu)):
        waited[node] = wall[node] - cpu[node]
        while not has_waited[node]:
            has_waited[node] = 1
            node = parent[node]
    cpus = walls[:]
    has_waited[0] = 0
    for node in compress(range(size - 1, -1, -1), reversed(has_waited)):
        time = waited[node]
        cpus[node] -= time
        waited[parent[node]] += time
    return cpus


def cumulative(own: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Add to each node's own figure those of all nodes below it; O(nodes)."""
    try:
        return _with_callees(array("q", own), parent)
    except OverflowError:
        return _with_callees(list(own), parent)


def _with_callees(total: Column, parent: Sequence[int]) -> list[int]:
    for up, below in zip(reversed(parent), reversed(total), strict=True):
        total[up] += below  # of a node that is still to come
    total[0] = 0
    return list(total)
