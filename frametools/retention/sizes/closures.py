"""What frames reach, walked level by level, and the references inside.

Most objects have one reference, the one they are found by: the count says so, and they
need neither a set nor a dict. All steps work on thousands of objects at C speed.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from itertools import chain, compress, repeat
from operator import eq, gt, not_, sub
from types import ModuleType
from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of, local_values
from frametools.retention.sizes.object_sizes import Kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import FrameType

_is_subtype = type.__subclasscheck__
_namespace: Any = vars(ModuleType)["__dict__"].__get__
_type_name: Any = type.__dict__["__name__"].__get__

_BATCH = 16_384
_EDGES_PER_OBJECT = 4


class Claim:
    """What one variable of a frame, or the rest of it, was the first to reach."""

    __slots__ = ("alone", "name", "shared", "type", "waiting")

    def __init__(self, name: str | None = None, kind: str = "") -> None:
        self.name = name
        self.type = kind
        self.alone: list[list[object]] = []
        """Lists of objects that have one reference, the one they were found by."""
        self.shared: list[list[object]] = []
        """Lists of objects with more."""
        self.waiting: list[object] = []
        """Of those, in a careful walk, the ones that are not entered yet."""


class Closure:
    """What frames reach, by their variables, and what of it is held from outside.

    `members` die with the frames; `listed` are ids of what the caller has one reference
    to, which does not count. While it exists it refers to all that was walked.
    """

    def __init__(
        self,
        frames: Sequence[object],
        members: Iterable[object],
        budget: int | None,
        listed: frozenset[int] = frozenset(),
    ) -> None:
        self.frames = frames
        self.is_partial = False
        """The budget, or how it was walked, left something out."""
        self.kinds = Kinds()
        self._listed = listed
        self._inner = [frame for f in frames if (frame := frame_of(f)) is not None]
        everyone = [*frames, *members, *self._inner]
        self._roots = list({id(root): root for root in everyone}.values())
        self._room = self._all_room = sys.maxsize if budget is None else budget
        self._borders = _borders(self._roots, self._inner)
        """Ids of what is not entered and not counted."""
        self._edges: Counter[int] = Counter()
        """References from inside, by the id of what they refer to."""
        self.shared: dict[int, object] = {}
        """Objects that have more than one reference, or are a root's."""
        # One without references tells how many the walk itself has: from 3.14 on that
        # depends on the path, as locals are borrowed.
        self._probe = Claim()
        self._probe.shared.append([object()])
        self._probe.waiting = list(self._probe.shared[0])
        self.shared.update((id(thing), thing) for thing in self._probe.waiting)
        self.claims: list[list[Claim]] = [[] for _ in frames]
        """For each frame that of each of its variables, then that of the rest."""
        self._rest = Claim()

    @property
    def walked(self) -> int:
        """How many objects it has come to."""
        return self._all_room - self._room

    def walk(self) -> None:
        """Enter everything, variable by variable, until the budget is used up."""
        self._count_roots()
        for frame, claims in zip(self.frames, self.claims, strict=True):
            for claim, start in self._starts(frame):
                claims.append(claim)
                self._keep(claim, [], start)
                self._enter(claim, start)
        start = self._first_seen(gc.get_referents(*self._roots))
        self._keep(self._rest, [], start)
        self._enter(self._rest, start)

    def walk_carefully(self) -> None:
        """Enter only what is known to be freed, as its deallocation would.

        Finds no cycles, but every variable has its turn, whatever else the others reach
        that is not the frames' alone.
        """
        self.is_partial = True
        self._count_roots()
        self._seed()
        every = list(chain.from_iterable(self.claims))
        while sum(map(self._enter_waiting, every)):
            pass

    def _seed(self) -> None:
        for frame, claims in zip(self.frames, self.claims, strict=True):
            for claim, start in self._starts(frame):
                claims.append(claim)
                claim.waiting = list(start)
                self._keep(claim, [], start)

    def _count_roots(self) -> None:
        for frame in self._inner:
            # Until 3.12 this can leave a snapshot, which has references too.
            for _ in local_values(frame):
                pass
        self._edges.update(map(id, gc.get_referents(*self._roots)))

    def _starts(self, frame: object) -> Iterable[tuple[Claim, list[object]]]:
        inner = frame_of(frame)
        if inner is not None:
            for name, value in local_values(inner):
                claim = Claim(name, _type_name(type(value)))
                yield claim, self._first_seen([value])
        yield Claim(), self._first_seen(gc.get_referents(frame, inner))

    def _enter(
        self, claim: Claim, level: list[object], *, is_careful: bool = False
    ) -> None:
        """Enter objects that were kept, and what they reach that was not seen yet."""
        while level:
            following: list[object] = []
            for first in range(0, len(level), _BATCH):
                if self._room <= 0:
                    self.is_partial = True
                    return
                batch = level[first : first + _BATCH] if first else level[:_BATCH]
                alone, shared = self._sort(self._referents(batch))
                del batch
                self._keep(claim, alone, shared)
                following += alone
                if is_careful:
                    claim.waiting += shared
                else:
                    following += shared
            level = following

    def _enter_waiting(self, claim: Claim) -> bool:
        """Enter those waiting objects of which all references are known by now."""
        are_ready = self._explained(claim.waiting)
        if not any(are_ready) or self._room <= 0:
            return False
        level = list(compress(claim.waiting, are_ready))
        claim.waiting = list(compress(claim.waiting, map(not_, are_ready)))
        self._enter(claim, level, is_careful=True)
        return True

    def _keep(self, claim: Claim, alone: list[object], shared: list[object]) -> None:
        if len(alone) > self._room:
            self.is_partial = True
            del alone[max(self._room, 0) :]
        if alone:
            claim.alone.append(alone)
        if shared:
            claim.shared.append(shared)
        self._room -= len(alone) + len(shared)

    def _referents(self, objects: list[object]) -> list[object]:
        refs = self._all_referents(objects)
        limit = _EDGES_PER_OBJECT * self._room
        if len(refs) > limit:
            self.is_partial = True
            del refs[limit:]
        return refs

    def _all_referents(self, objects: list[object]) -> list[object]:
        refs = gc.get_referents(*objects)
        if self.kinds.hiding:
            refs += self.kinds.hidden(objects)
        return refs

    def _sort(self, refs: list[object]) -> tuple[list[object], list[object]]:
        """Return those that this is the only reference to, and the other new ones."""
        if not refs:
            return [], []
        counts = list(map(sys.getrefcount, refs))
        if counts.count(_ALONE) == len(refs):
            return self._enterable(refs), []
        are_alone = list(map(eq, counts, repeat(_ALONE)))
        alone = self._enterable(list(compress(refs, are_alone)))
        refs = list(compress(refs, map(not_, are_alone)))
        self._edges.update(map(id, refs))
        return alone, self._first_seen(refs)

    def _first_seen(self, refs: list[object]) -> list[object]:
        seen, borders = self.shared, self._borders
        found = dict(zip(map(id, refs), refs, strict=True))
        new = [i for i in found if i not in seen and i not in borders]
        if not new:
            return []
        objects = self._enterable(list(map(found.__getitem__, new)))
        seen.update(zip(map(id, objects), objects, strict=True))
        if self._listed:
            self._edges.update(self._listed.intersection(map(id, objects)))
        return objects

    def _enterable(self, objects: list[object]) -> list[object]:
        """Leave out modules, types and code."""
        if not objects or not self.kinds.have_borders(objects):
            return objects
        borders = self.kinds.borders
        kept = [thing for thing in objects if id(type(thing)) not in borders]
        self._borders.update(set(map(id, objects)).difference(map(id, kept)))
        return kept

    def _explained(self, waiting: list[object]) -> list[bool]:
        unused = next(map(sys.getrefcount, self._probe.waiting))
        counts = map(sys.getrefcount, waiting)
        edges = map(self._edges.__getitem__, map(id, waiting))
        return [n - known <= unused for n, known in zip(counts, edges, strict=True)]

    def held(self) -> list[object]:
        """Return the objects that have references not seen from inside."""
        for claim in chain([self._probe], *self.claims):
            claim.waiting = []
        counts = list(map(sys.getrefcount, self.shared.values()))
        edges = map(self._edges.__getitem__, self.shared)
        are_held = map(gt, map(sub, counts, edges), repeat(counts[0]))
        return list(compress(self.shared.values(), are_held))

    def outside(self) -> set[int]:
        """Return the ids of what is held from outside, and of what that reaches."""
        held = self.held()
        found = set(map(id, held))
        refs = self._all_referents(held)
        del held
        # Of a whole walk all referents were walked, or are not to be entered.
        inside = set(map(id, self._walked())) if refs and self.is_partial else None
        while refs:
            by_id = dict(zip(map(id, refs), refs, strict=True))
            new = [i for i in by_id if i not in found and i not in self._borders]
            if inside is not None:
                new = [i for i in new if i in inside]
            found.update(new)
            refs = self._all_referents(list(map(by_id.__getitem__, new)))
        return found

    def _walked(self) -> Iterable[object]:
        for claim in chain([self._rest], *self.claims):
            yield from chain.from_iterable(claim.alone)
            yield from chain.from_iterable(claim.shared)


def _borders(roots: list[object], frames: list[FrameType]) -> set[int]:
    """Return the ids of the roots and of what frames have besides their variables."""
    modules = [
        module
        for module in list(sys.modules.values())
        if _is_subtype(ModuleType, type(module))
    ]
    found = set(map(id, map(_namespace, modules)))
    found.update(map(id, roots))
    for frame in frames:
        found |= {id(frame.f_globals), id(frame.f_builtins)}
        found |= {id(frame.f_back), id(frame.f_trace), id(None)}
    return found


def _measure() -> int:
    """Count the references to an object with one, when it is in a list besides."""
    holder = [object()]
    return next(map(sys.getrefcount, gc.get_referents(holder)))


_ALONE = _measure()
