"""Who holds an object: backwards from it to what lives long.

    entry <-- list <-- instance <-- dict of module app    =>  app.pool.errors[0]

Level by level, all objects of the process are asked which of them refer to those of the
level before: one walk each (`_twin.referrers`). A reference count that the visible
references explain ends the search early; what they do not explain is held by C code, or
by the value stack of a running frame.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.retention.heap._twin import AT_ONCE, referrers
from frametools.retention.heap.references import IMMORTAL, IS_SURE, references
from frametools.retention.holders.edges import UNNAMED, type_name
from frametools.retention.holders.labelling import Labels
from frametools.retention.holders.paths import describe_path
from frametools.retention.holders.roots import RUNNING, Root, Roots
from frametools.retention.holders.unseen import describe_unseen
from frametools.retention.holders.unseen import references as references_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.retention.leaks import Holder

_LEVELS = 24
"""As far back as the search goes."""
_WIDTH = 400
"""Objects of one level, other than the first, that are asked for, at most."""


class Way(NamedTuple):
    """One reference to an entry, with all that lies behind it."""

    holder: Holder
    nodes: frozenset[int]
    """Ids of the objects on the way, the entry apart."""
    thread: int
    """The thread whose running code it comes from; 0 if from anything else."""


class Held(NamedTuple):
    """What holds one entry."""

    ways: tuple[Way, ...]
    """The most understandable first."""
    hidden: int
    """References that nothing visible explains."""

    @property
    def is_rooted(self) -> bool:
        """Something that lives long holds it, or something that cannot be seen does."""
        return bool(self.ways) or self.hidden > 0

    @property
    def holders(self) -> tuple[Holder, ...]:
        """What holds it, in words.

        Those that are only likely, or have no name, are told if there are no others:
        the arguments of a running call look like those of a callback.
        """
        found = tuple(dict.fromkeys(way.holder for way in self.ways))
        found = tuple(each for each in found if each.is_certain) or found
        return tuple(each for each in found if UNNAMED not in each.path) or found

    @property
    def threads(self) -> frozenset[int]:
        """Threads whose running code is all that holds it; empty if it is not all."""
        found = frozenset(way.thread for way in self.ways)
        return frozenset() if 0 in found or self.hidden else found

    def outside(self, nodes: set[int]) -> Held:
        """Leave out what comes to the entry through some nodes."""
        ways = tuple(way for way in self.ways if not way.nodes & nodes)
        return Held(ways, self.hidden)

    def joined(self, other: Held) -> Held:
        """Add what holds another entry."""
        return Held(self.ways + other.ways, self.hidden + other.hidden)


NOTHING = Held((), 0)


class Members(NamedTuple):
    """The members of the groups, for a search from their entries."""

    members: list[Any]
    by_id: dict[int, Any]
    before: dict[int, int]
    """Ids: of each that an entry leads to, the one before it on the way."""


class Search:
    """One search for what holds some entries."""

    def __init__(
        self,
        entries: list[Any],
        external: list[int],
        members: Members | None = None,
    ) -> None:
        """Search from entries, with the references to each that are to be explained.

        References from `members` to entries are not among these. Who leads to a member
        is known: nobody is asked for it.
        """
        self.roots = Roots()
        self._members = members = members or Members([], {}, {})
        self._ours = {id(entries), *map(id, members)}
        self._levels: list[list[Any]] = [list(entries)]
        """Every object of the search stands here once, and nowhere else of ours."""
        self._known: list[Any] = []
        """But the namespaces of modules, and members of the groups, stand here."""
        self._place: dict[int, tuple[int, int]] = {}
        """By id: level and index; level -1 is that of `_known`."""
        self._by: dict[int, dict[int, int]] = {}
        """By id: who refers to it, and how often."""
        self._rooted: dict[int, list[Root]] = {}
        self._missing: dict[int, int] = {}
        """By id: references that are not explained."""
        self._labels = Labels(self._by)
        self._entries = list(map(id, entries))
        for index, number in enumerate(self._entries):
            self._place[number] = 0, index
            self._missing[number] = external[index]
        del entries
        self._run()

    # --- walking back ---

    def _run(self) -> None:
        self._look(self._levels[0])
        level = 0
        while level < _LEVELS:
            targets = [node for node in self._levels[level] if not self._is_done(node)]
            if not targets:
                break
            self._levels.append([])
            if level:
                del targets[_WIDTH:]
            while targets:
                some = targets[:AT_ONCE]
                del targets[:AT_ONCE]
                self._go_back(some, level + 1)
                del some
            level += 1
            self._count_unexplained(self._levels[level])
            self._look(self._levels[level])

    def _is_done(self, node: object) -> bool:
        """Tell if nothing more need be known of a node: a good root, or all counted."""
        number = id(node)
        if self._missing[number] <= 0:
            return True
        if self._place[number][0] == 0:
            return False  # of an entry, all holders are to be known
        return any(
            root.rank < RUNNING
            for holder in (number, *self._by.get(number, ()))
            for root in self._rooted.get(holder, ())
        )

    def _go_back(self, targets: list[Any], level: int) -> None:
        wanted = set(map(id, targets))
        ours = {id(targets), id(self._levels), id(self._known)}
        ours |= self._ours | set(map(id, self._levels))
        found = referrers(targets)
        ours.add(id(found))
        for referrer in found:
            number = id(referrer)
            is_member = number in self._members.before or number in self._members.by_id
            if number in ours or (is_member and level == 1):
                continue
            is_holder = self._connect(number, gc.get_referents(referrer), wanted)
            if is_holder and is_member:
                self._know(referrer)
                self._link(number)
            elif is_holder and number not in self._place:
                self._place[number] = level, len(self._levels[level])
                self._levels[level].append(referrer)

    def _link(self, number: int) -> None:
        """Go from a member to the entry that leads to it."""
        while number in self._members.before and number not in self._by:
            to, number = number, self._members.before[number]
            self._note(to, number, 1)
            self._know(self._members.by_id[number])

    def _connect(self, number: int, referents: list[object], wanted: set[int]) -> bool:
        """Note that something refers to some of those wanted; tells if it does."""
        counts: dict[int, int] = {}
        for referent in referents:
            if id(referent) in wanted:
                counts[id(referent)] = counts.get(id(referent), 0) + 1
        for to, count in counts.items():
            self._note(to, number, count)
        return bool(counts)

    def _note(self, to: int, by: int, count: int) -> None:
        known = self._by.setdefault(to, {})
        if by not in known:
            known[by] = count
            self._missing[to] -= count

    def _count_unexplained(self, level: list[Any]) -> None:
        for node, count in zip(level, references(level), strict=True):
            self._missing[id(node)] = count if count < IMMORTAL else 0

    def _look(self, level: list[Any]) -> None:
        """Find out which nodes of a level are roots, or are referred to by some."""
        for node in level:
            found = [*self.roots.direct(node)]
            self._missing[id(node)] -= len(found)
            itself = self.roots.of(node)
            if itself is not None:
                found.append(itself)
            if found:
                self._rooted[id(node)] = found
        counts: dict[tuple[int, int], int] = {}
        for to, namespace in self.roots.namespaces_of(set(map(id, level))):
            self._know(namespace)
            root = self.roots.of(namespace)
            if root is not None:
                self._rooted[id(namespace)] = [root]
            key = to, id(namespace)
            counts[key] = counts.get(key, 0) + 1
        for (to, by), count in counts.items():
            self._note(to, by, count)

    def _know(self, node: Any) -> None:
        """Make something a node that nobody is asked for: a namespace, a member."""
        if id(node) not in self._place:
            self._place[id(node)] = -1, len(self._known)
            self._known.append(node)
            self._missing[id(node)] = 0

    # --- answering ---

    def held(self, number: int) -> Held:
        """Say what holds the entry with a number."""
        entry = self._entries[number]
        ways = list(self._ways(entry))
        ways.sort(key=lambda way: (way[1].rank, len(way[0])))
        found = []
        for numbers, root in ways:
            nodes = [self._node(each) for each in numbers]
            holder = describe_path(nodes, root, self._labels)
            found.append(Way(holder, frozenset(numbers) - {entry}, root.thread))
        for numbers, count in self._unseen(entry):
            nodes = [self._node(each) for each in numbers]
            holder = describe_unseen(nodes, count, self._labels)
            found.append(Way(holder, frozenset(numbers) - {entry}, 0))
        return Held(tuple(found), max(0, self._missing[entry]) if IS_SURE else 0)

    def problems(self, number: int) -> list[str]:
        """Say what else than variables of running code refers to an entry."""
        entry = self._entries[number]
        node = self._node(entry)
        found = []
        for direct in self._by.get(entry, ()):
            way = self._way_to(entry, direct)
            if way is not None:
                nodes = [self._node(each) for each in way[0]]
                holder = describe_path(nodes, way[1], self._labels)
                found.append(f"held by {holder.path} ({holder.kind})")
            else:
                parent = self._node(direct)
                found.append(
                    f"in a cycle: {type_name(parent)}{self._labels(parent, node)}"
                )
        if self._missing[entry] > 0:
            found.append(f"held by C: {references_in_words(self._missing[entry])}")
        return found

    def _node(self, number: int) -> Any:
        level, index = self._place[number]
        return self._known[index] if level < 0 else self._levels[level][index]

    def _ways(self, entry: int) -> Iterator[tuple[list[int], Root]]:
        """Yield a way from a root to the entry for each reference to it."""
        for root in self._rooted.get(entry, ()):
            yield [entry], root
        for direct in self._by.get(entry, ()):
            way = self._way_to(entry, direct)
            if way is not None:
                yield way

    def _way_to(self, entry: int, direct: int) -> tuple[list[int], Root] | None:
        """Find the best root behind one referrer: the lowest rank, then the nearest."""
        before: dict[int, int] = {direct: entry}
        level, best = [direct], None
        while level:
            below = []
            for node in level:
                for root in self._rooted.get(node, ()):
                    if best is None or root.rank < best[1].rank:
                        best = node, root
                for other in self._by.get(node, ()):
                    if other not in before and other != entry:
                        before[other] = node
                        below.append(other)
            level = below
        if best is None:
            return None
        way = [best[0]]
        while way[-1] != entry:
            way.append(before[way[-1]])
        return way, best[1]

    def _unseen(self, entry: int) -> list[tuple[list[int], int]]:
        """Return ways to the entry from what has references that nobody sees.

        Each with the number of those references; the entry itself is not among them.
        """
        before, todo, found = {entry: entry}, [entry], []
        while todo:
            node = todo.pop()
            missing = self._missing[node]
            if node != entry and missing > 0 and not self._leads_to_root(node):
                way = [node]
                while way[-1] != entry:
                    way.append(before[way[-1]])
                found.append((way, missing))
            for other in self._by.get(node, ()):
                if other not in before:
                    before[other] = node
                    todo.append(other)
        return found

    def _leads_to_root(self, node: int) -> bool:
        return node in self._rooted or any(
            other in self._rooted for other in self._by.get(node, ())
        )
