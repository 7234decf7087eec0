"""What keeps frames together: exceptions, their tracebacks, callers, generators.

    entry --> RuntimeError -- __traceback__ --> tb -- tb_frame --> frame -- f_back --> .
                                                 |
                                                 `-- tb_next --> tb -- tb_frame --> .

All frames that are kept, with the tracebacks, exceptions and generators that lead to
them, are the members of a graph. A member with references from outside of it is an
entry: what holds that one holds all that it leads to, and makes a group. Members that
no entry leads to refer to each other only: garbage that waits for the collector.
"""

from __future__ import annotations

import gc
from types import (
    AsyncGeneratorType,
    CoroutineType,
    FrameType,
    GeneratorType,
    TracebackType,
)
from typing import TYPE_CHECKING, Any

from frametools.retention.heap._twin import carriers
from frametools.retention.heap.references import references, unexplained
from frametools.retention.holders.edges import is_exception

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Graph:
    """The members, known by their index, and what refers to what among them."""

    def __init__(self, is_wanted: Callable[[Any], bool]) -> None:
        """Look at all objects of the process for what leads to the wanted frames.

        `is_wanted` is asked of each frame that has ended and each generator; those that
        are not wanted are no members. 10 ns per object of the process in C, 50 in
        Python, and some 2 us per member.
        """
        found = [
            carrier
            for carrier in carriers()
            if not is_frame_or_generator(carrier) or is_wanted(carrier)
        ]
        wanted = [n for n, each in enumerate(found) if is_frame_or_generator(each)]
        numbers = {id(each): number for number, each in enumerate(found)}
        leads_to = [_edges(each, numbers) for each in found] if wanted else []
        kept = sorted(_closure(wanted, _turned(leads_to)))
        self.members: list[Any] = [found[number] for number in kept]
        """The only list that has them: reference counts are taken by it."""
        self.plumbing = {
            id(own): id(each) for each in self.members for own in _own_tuples(each)
        }
        """Ids: of tuples that only a member has, such as its `args`, and of that."""
        del found, numbers
        place = {number: index for index, number in enumerate(kept)}
        self.edges: list[list[int]] = [
            [place[to] for to in leads_to[number] if to in place] for number in kept
        ]
        """Of each member: the members it refers to, as often as it does."""
        self.frames: list[int] = [place[number] for number in wanted]
        """The members that are frames or generators."""
        self.is_frame = frozenset(self.frames)
        self._in_chain: set[int] | None = None

    def is_suspended(self, number: int) -> bool:
        """Tell if a member is a generator, coroutine or async generator."""
        return number in self.is_frame and type(self.members[number]) is not FrameType

    def rank(self, number: int) -> int:
        """Order members by what they say: the last exception of a chain the most.

        0 an exception, 1 one that another refers to (`__cause__`, `__context__`, a
        member of a group), 2 what is no exception.
        """
        if not is_exception(self.members[number]):
            return 2
        return 1 if number in self._chained() else 0

    def _chained(self) -> set[int]:
        if self._in_chain is None:
            self._in_chain = {
                to
                for member, edges in zip(self.members, self.edges, strict=True)
                if is_exception(member)
                for to in edges
            }
        return self._in_chain

    def external(self) -> list[int]:
        """Count the references to each member that come from no other one."""
        inside = [0] * len(self.members)
        for edges in self.edges:
            for to in edges:
                inside[to] += 1
        return unexplained(self.members, inside)

    def reach(self, entries: Iterable[int]) -> set[int]:
        """Return the entries and all members that they lead to."""
        return _closure(entries, self.edges)

    def ways(self, entry: int, apart: frozenset[int] = frozenset()) -> dict[int, int]:
        """Return all members that an entry leads to, with the one before it.

        The ways are the shortest; the entry's own predecessor is itself. They end
        before those that stand `apart`.
        """
        before = {entry: entry}
        level = [entry]
        while level:
            below = []
            for member in level:
                for other in self.edges[member]:
                    if other not in before and other not in apart:
                        before[other] = member
                        below.append(other)
            level = below
        return before


def is_frame_or_generator(found: object) -> bool:
    """Tell if something is a frame, generator, coroutine or async generator."""
    kind = type(found)
    return (
        kind is FrameType
        or kind is GeneratorType
        or kind is CoroutineType
        or kind is AsyncGeneratorType
    )


def _edges(carrier: Any, numbers: dict[int, int]) -> list[int]:
    """Number what something refers to: itself, or by a tuple that nobody else has.

    Exceptions have such: `args`, and the members of an exception group.
    """
    referents = gc.get_referents(carrier)
    edges = [numbers[id(each)] for each in referents if id(each) in numbers]
    del referents  # or each tuple has an owner more
    for own in _own_tuples(carrier):
        edges += [numbers[id(item)] for item in own if id(item) in numbers]
    return edges


def _own_tuples(carrier: Any) -> list[tuple[Any, ...]]:
    """Return the tuples that an exception refers to and nobody else."""
    if is_frame_or_generator(carrier) or type(carrier) is TracebackType:
        return []
    tuples = [each for each in gc.get_referents(carrier) if type(each) is tuple]
    counts = references(tuples)
    return [own for own, count in zip(tuples, counts, strict=True) if count == _OWNED]


_OWNED = 1
"""References to a tuple that has one owner, and is in the list that is counted."""


def _turned(edges: list[list[int]]) -> list[list[int]]:
    turned: list[list[int]] = [[] for _ in edges]
    for number, others in enumerate(edges):
        for to in others:
            turned[to].append(number)
    return turned


def _closure(begin: Iterable[int], edges: list[list[int]]) -> set[int]:
    found = set(begin)
    todo = list(found)
    while todo:
        for other in edges[todo.pop()]:
            if other not in found:
                found.add(other)
                todo.append(other)
    return found
