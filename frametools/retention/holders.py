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

from frametools.retention._twin import AT_ONCE, referrers
from frametools.retention.edges import UNNAMED, label, type_name
from frametools.retention.paths import describe_path
from frametools.retention.references import IMMORTAL, references
from frametools.retention.roots import RUNNING, Root, Roots
from frametools.retention.unseen import describe_unseen
from frametools.retention.unseen import references as references_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frametools.retention.leaks import Holder

_LEVELS = 24
"""As far back as the search goes."""
_WIDTH = 400
"""Objects of one level, other than the first, that are asked for, at most."""


class Held(NamedTuple):
    """What holds one entry."""

    holders: tuple[Holder, ...]
    hidden: int
    """References that nothing visible explains."""
    is_rooted: bool
    """Something that lives long holds it, or something that cannot be seen does."""
    threads: frozenset[int]
    """Threads whose running code is all that holds it; empty if anything else does."""


def together(held: Held, other: Held) -> Held:
    """Return what holds any of two."""
    return Held(
        tuple(dict.fromkeys(held.holders + other.holders)),
        held.hidden + other.hidden,
        held.is_rooted or other.is_rooted,
        held.threads & other.threads,
    )


NOTHING = Held((), 0, False, frozenset())


def _named(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """Leave out references that have no name in Python, if others have one."""
    found = tuple(holders)
    return tuple(each for each in found if UNNAMED not in each.path) or found


class Search:
    """One search for what holds some entries."""

    def __init__(self, entries: list[Any], external: list[int], skip: set[int]) -> None:
        """Search from entries, with the references to each that are to be explained.

        `skip` has ids of objects that are no answer: the other members of the groups.
        """
        self.roots = Roots()
        self._skip = skip | {id(entries)}
        self._levels: list[list[Any]] = [list(entries)]
        """Every object of the search stands here once, and nowhere else of ours."""
        self._namespaces: list[dict[str, Any]] = []
        """But those of modules stand here."""
        self._place: dict[int, tuple[int, int]] = {}
        """By id: level and index; level -1 is that of the namespaces."""
        self._by: dict[int, dict[int, int]] = {}
        """By id: who refers to it, and how often."""
        self._rooted: dict[int, list[Root]] = {}
        self._missing: dict[int, int] = {}
        """By id: references that are not explained."""
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
        ours = {id(targets), id(self._levels), id(self._namespaces)}
        ours |= set(map(id, self._levels))
        found = referrers(targets)
        ours.add(id(found))
        for referrer in found:
            number = id(referrer)
            if number in ours:
                continue
            if number in self._skip:
                self._discount(gc.get_referents(referrer), wanted)
                continue
            is_holder = self._connect(number, gc.get_referents(referrer), wanted)
            if is_holder and number not in self._place:
                self._place[number] = level, len(self._levels[level])
                self._levels[level].append(referrer)

    def _discount(self, referents: list[object], wanted: set[int]) -> None:
        """Take references by what is no answer from those to explain.

        In those to the entries they are not counted from the beginning.
        """
        for referent in referents:
            if id(referent) in wanted and self._place[id(referent)][0] > 0:
                self._missing[id(referent)] -= 1

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
            key = to, id(namespace)
            counts[key] = counts.get(key, 0) + 1
        for (to, by), count in counts.items():
            self._note(to, by, count)

    def _know(self, namespace: dict[str, Any]) -> None:
        """Make the namespace of a module a node."""
        root = self.roots.of(namespace)
        if root is not None and id(namespace) not in self._place:
            self._place[id(namespace)] = -1, len(self._namespaces)
            self._namespaces.append(namespace)
            self._rooted[id(namespace)] = [root]
            self._missing[id(namespace)] = 0

    # --- answering ---

    def held(self, number: int) -> Held:
        """Say what holds the entry with a number."""
        entry = self._entries[number]
        ways = list(self._ways(entry))
        ways.sort(key=lambda way: (way[1].rank, len(way[0])))
        holders: dict[str, Holder] = {}
        for numbers, root in ways:
            nodes = [self._node(each) for each in numbers]
            holder = describe_path(nodes, root)
            holders.setdefault(holder.path + holder.kind, holder)
        unseen = self._unseen(entry)
        for numbers, count in unseen:
            holder = describe_unseen([self._node(each) for each in numbers], count)
            holders.setdefault(holder.path + holder.kind, holder)
        is_running = not unseen and all(root.thread for _, root in ways)
        return Held(
            _named(holders.values()),
            max(0, self._missing[entry]),
            bool(ways or unseen) or self._missing[entry] > 0,
            frozenset(root.thread for _, root in ways if is_running),
        )

    def problems(self, number: int) -> list[str]:
        """Say what else than variables of running code refers to an entry."""
        entry = self._entries[number]
        node = self._node(entry)
        found = []
        for direct in self._by.get(entry, ()):
            way = self._way_to(entry, direct)
            if way is not None:
                holder = describe_path([self._node(each) for each in way[0]], way[1])
                found.append(f"held by {holder.path} ({holder.kind})")
            else:
                parent = self._node(direct)
                found.append(f"in a cycle: {type_name(parent)}{label(parent, node)}")
        if self._missing[entry] > 0:
            found.append(f"held by C: {references_in_words(self._missing[entry])}")
        return found

    def _node(self, number: int) -> Any:
        level, index = self._place[number]
        return self._namespaces[index] if level < 0 else self._levels[level][index]

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
