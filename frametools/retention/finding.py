"""Finds the frames that are kept: census, groups, holders, sizes, in this order.

    Baseline.new --> Graph --> Search --> equal groups --> exclusive --> [Leak]
    anything new?    entries   who holds  merged           how much      plain data

A young collection comes first, which costs no more than what was made since the
baseline. All objects are collected only if something is found that nothing holds.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools.retention.groups.graph import Graph
from frametools.retention.groups.grouping import (
    Group,
    absorb,
    equal_groups,
    garbage,
    members_of,
    without_what_others_keep,
)
from frametools.retention.heap._twin import AT_ONCE
from frametools.retention.heap.census import is_kept, is_ours, nursery
from frametools.retention.holders.search import Search
from frametools.retention.making import make_leaks
from frametools.retention.owners import Owners

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.retention.arguments import Seconds
    from frametools.retention.heap.census import Baseline
    from frametools.retention.leaks import Leak

BUDGET = 200_000
"""Objects that are looked at for the size of one group, unless told otherwise."""
_MANY = 200_000
_SEARCHED = 2 * AT_ONCE
"""Entries whose holders are searched; of more, some of each sort stand for the rest."""


def find(
    baseline: Baseline | None = None,
    *,
    min_size: int = 0,
    cycles: bool = False,
    owners: Owners | None = None,
    ignore: Callable[[Any], bool] | None = None,
    budget: int | Seconds | None = BUDGET,
) -> list[Leak]:
    """Return what keeps frames alive, equal ones merged, the largest first.

    With a `baseline` only what is new since. `min_size` is in bytes, of all equal
    groups together. `cycles` adds garbage that waits for the collector, and then none
    is collected here. `owners` says whose frames are meant. `ignore` is asked about
    each frame that has ended and each suspended generator. `budget` bounds the objects
    that are looked at for each size, and twice that for all; None is no bound, and
    `Seconds` are for all sizes together.

    If there is nothing new: about 20 us. Else 15 ns per object of the process in C, 60
    in Python, for each step on the way from a kept exception to what lives long.
    """
    wanted = _Wanted(baseline, ignore)
    if baseline is not None and not _has_news(baseline, wanted, cycles):
        return []
    found = _explain(wanted, owners or Owners(), budget, cycles, may_collect=not cycles)
    return [leak for leak in found if leak.size >= min_size]


class _Wanted:
    """The question whether a frame or generator is looked for."""

    def __init__(
        self, baseline: Baseline | None, ignore: Callable[[Any], bool] | None
    ) -> None:
        self._baseline = baseline
        self._ignore = ignore

    def __call__(self, found: Any) -> bool:
        if self._baseline is not None and not self._baseline.is_new(found):
            return False
        return is_kept(found) and self.is_theirs(found)

    def is_theirs(self, found: Any) -> bool:
        """Tell if it is the program's, and not to be ignored."""
        frame = frame_of(found)
        if frame is None:
            return False
        if is_ours(frame):
            return False
        return self._ignore is None or not self._ignore(found)


def _has_news(baseline: Baseline, wanted: _Wanted, cycles: bool) -> bool:
    """Tell if anything was left since the baseline, young garbage collected."""
    found = baseline.new()
    if not found or not any(map(wanted.is_theirs, found)):
        return False
    del found
    if cycles:
        return True
    gc.collect(1)
    if not any(map(wanted.is_theirs, baseline.new())):
        return False
    # Garbage that a collection in between has made old. To search for its holders costs
    # more than to collect it, but where there are many other objects.
    if nursery.objects < _MANY:
        gc.collect()
        return any(map(wanted.is_theirs, baseline.new()))
    return True


def _explain(
    wanted: _Wanted,
    owners: Owners,
    budget: int | Seconds | None,
    cycles: bool,
    may_collect: bool,
) -> list[Leak]:
    graph = Graph(wanted)
    if not graph.frames:
        return []
    groups = _groups(graph)
    if may_collect and not all(group.held.is_rooted for group in groups):
        del graph, groups
        gc.collect()
        return _explain(wanted, owners, budget, cycles, may_collect=False)
    kept = [group for group in groups if group.held.is_rooted or not cycles]
    owners.begin()
    kept = [group for group in kept if not owners.are_elsewhere(graph, group)]
    kept = without_what_others_keep(graph, kept)
    if cycles:
        unrooted = [group for group in groups if not group.held.is_rooted]
        kept += garbage(graph, unrooted, [g for g in groups if g.held.is_rooted])
    return make_leaks(graph, equal_groups(kept), budget)


def _groups(graph: Graph) -> list[Group]:
    """Return a group for each entry, with what holds it."""
    external = graph.external()
    entries = [number for number, count in enumerate(external) if count > 0]
    # A generator that somebody else has too is its own matter: a caller's variable that
    # refers to it leads from every exception that was raised below.
    apart = frozenset(filter(graph.is_suspended, entries))
    groups = [
        Group(number, graph.members[number], graph.ways(number, apart))
        for number in entries
    ]
    for group in groups:
        group.find_frames(graph)
    sorts: dict[object, list[Group]] = {}
    for group in groups:
        sorts.setdefault(group.sort, []).append(group)
    each = max(1, _SEARCHED // max(1, len(sorts)))
    searched = [group for of_sort in sorts.values() for group in of_sort[:each]]
    search = Search(
        [graph.members[group.entry] for group in searched],
        [external[group.entry] for group in searched],
        members_of(graph, groups),
    )
    for number, group in enumerate(searched):
        group.held = search.held(number)
    for of_sort in sorts.values():
        for group in of_sort[each:]:
            group.held = of_sort[0].held
    return absorb(graph, groups)
