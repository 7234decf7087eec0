"""Groups: what one entry leads to; and which of them are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools.retention.holders.edges import type_name
from frametools.retention.holders.search import NOTHING, Members
from frametools.retention.leaks import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frametools.retention.groups.graph import Graph
    from frametools.retention.holders.search import Held


class Group:
    """An entry, and the frames that it leads to. Numbers are those of the graph."""

    def __init__(self, entry: int, head: object, ways: dict[int, int]) -> None:
        self.entry = entry
        self.ways = ways
        """Every member that it leads to, with the one before it."""
        self.head = type_name(head)
        self.held: Held = NOTHING
        self.frames: list[int] = []
        """Frames and generators, the nearest first."""
        self.sort: object = None
        """Equal for groups that look alike, their holders apart."""
        self.is_garbage = False

    def find_frames(self, graph: Graph) -> None:
        """Note which frames it leads to."""
        self.frames = [member for member in self.ways if member in graph.is_frame]
        places = []
        for number in self.frames:
            frame = frame_of(graph.members[number])
            if frame is not None:
                places.append((id(frame.f_code), frame.f_lineno))
        self.sort = self.head, tuple(sorted(places))

    def way_to(self, member: int) -> list[int]:
        """Return the members from the entry to one that it leads to."""
        way = [member]
        while way[-1] != self.entry:
            way.append(self.ways[way[-1]])
        return way[::-1]

    @property
    def holders(self) -> object:
        """What holds it, without subscripts: equal for groups in one list."""
        return tuple((pattern(each.path), each.kind) for each in self.held.holders)


def absorb(graph: Graph, groups: list[Group]) -> list[Group]:
    """Make one group of an entry and those it leads to: holders are joined.

    `sys.exc_info()` kept whole is an exception and its traceback, which has one holder
    more then. Of those that lead to each other, the last exception says the most. What
    comes to an entry through the group itself does not hold it.
    """
    by_entry = {group.entry: group for group in groups}
    for group in groups:
        group.held = group.held.outside(_others(graph, group))
    absorbed: set[int] = set()
    for group in sorted(groups, key=lambda each: graph.rank(each.entry)):
        if group.entry not in absorbed:
            below = by_entry.keys() & group.ways.keys() - {group.entry}
            absorbed |= below
            for entry in sorted(below):
                held = by_entry[entry].held.outside({id(_head(graph, group))})
                group.held = group.held.joined(held.outside(_others(graph, group)))
    return [group for group in groups if group.entry not in absorbed]


def without_what_others_keep(graph: Graph, groups: list[Group]) -> list[Group]:
    """Leave out suspended generators that only variables of kept frames refer to.

    They are freed with those frames, and count in their size.
    """
    keepers = [group for group in groups if not graph.is_suspended(group.entry)]
    kept = {id(graph.members[n]) for group in keepers for n in group.ways}
    return [
        group
        for group in groups
        if not (
            graph.is_suspended(group.entry)
            and group.held.ways
            and not group.held.outside(kept).is_rooted
        )
    ]


def members_of(graph: Graph, groups: Sequence[Group]) -> Members:
    """Return the members for a search, with what leads to each from an entry."""
    members = graph.members
    before = dict(graph.plumbing)
    # What leads to an entry is searched for. Were it told here as well, the ways of two
    # entries that lead to each other would be a circle.
    entries = {group.entry for group in groups}
    for group in groups:
        for member, other in group.ways.items():
            if member not in entries:
                before.setdefault(id(members[member]), id(members[other]))
    return Members(members, {id(each): each for each in members}, before)


def _head(graph: Graph, group: Group) -> Any:
    return graph.members[group.entry]


def _others(graph: Graph, group: Group) -> set[int]:
    """Return the ids of all members of a group but its entry."""
    return {id(graph.members[each]) for each in group.ways if each != group.entry}


def equal_groups(groups: Iterable[Group]) -> list[list[Group]]:
    """Put groups together that look alike and are held alike."""
    found: dict[object, list[Group]] = {}
    for group in groups:
        key = group.sort, group.holders, group.is_garbage
        found.setdefault(key, []).append(group)
    return list(found.values())


def garbage(graph: Graph, unrooted: list[Group], rooted: list[Group]) -> list[Group]:
    """Return groups of the frames that no root leads to."""
    seen = {member for group in rooted for member in group.ways}
    found = []
    for group in unrooted:
        seen |= set(group.ways)
        found.append(group)
    for number in _heads(graph):
        if number not in seen:
            group = Group(number, graph.members[number], graph.ways(number))
            group.find_frames(graph)
            seen |= set(group.ways)
            found.append(group)
    for group in found:
        group.is_garbage = True
    return found


def _heads(graph: Graph) -> list[int]:
    """Return members to begin a cycle with: those first that say the most."""
    return sorted(range(len(graph.members)), key=graph.rank)
