"""Makes leaks of groups: sizes, frames in words, the chain to the largest local."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools._frame_values import frame_of, local_values
from frametools.retention.arguments import Seconds
from frametools.retention.groups.growing import is_growing
from frametools.retention.heap.census import may_be_referred_to, nursery
from frametools.retention.heap.marks import own_mark, own_mark_of_generator
from frametools.retention.holders.edges import is_exception, label
from frametools.retention.leaks import Holder, KeptFrame, KeptLocal, Kind, Leak, Through
from frametools.retention.sizes.exclusive import FrameSize, Sizes, exclusive

if TYPE_CHECKING:
    from frametools.retention.groups.graph import Graph
    from frametools.retention.groups.grouping import Group

_SHARED = 1 << 16
"""Bytes that several unequal groups keep together, and none alone, are worth a word."""


class Purse:
    """How many objects may be looked at for all sizes of a search, and for one.

    Many suspended generators may each reach the whole application: the first few are
    measured as well as the budget allows, the others get a little each.
    """

    def __init__(self, each: int | None) -> None:
        self._each = each
        self._left = 0 if each is None else _TIMES * each

    def budget(self) -> int | None:
        """Return what the next size may cost, in objects."""
        if self._each is None:
            return None
        return min(self._each, max(self._left, self._each // 100))

    def spend(self, objects: int) -> None:
        """Note what a size has cost."""
        self._left = max(0, self._left - objects)


class TimedPurse(Purse):
    """How many objects may be looked at in so many seconds, by what they took so far.

    Where the time has run out, a size still gets a little, as in the other.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(None)
        self._end = monotonic() + seconds
        self._began = 0.0
        self._took = _SLOW

    def budget(self) -> int | None:
        """Return what the next size may cost; it is walked twice if that is too few."""
        self._began = monotonic()
        return max(_LITTLE, int((self._end - self._began) / self._took / 2))

    def spend(self, objects: int) -> None:
        """Note what a size has cost, and how long it took."""
        if objects >= _LITTLE:
            self._took = max(_SLOW / 4, (monotonic() - self._began) / objects)


_SLOW = 2e-6
"""Seconds per object, more than most take, until one has been measured."""
_LITTLE = 2_000
_TIMES = 2
"""All sizes of a search together may cost as much as so many at their budget."""


def _purse(budget: int | Seconds | None) -> Purse:
    return TimedPurse(budget) if isinstance(budget, Seconds) else Purse(budget)


def make_leaks(
    graph: Graph, classes: list[list[Group]], budget: int | Seconds | None
) -> list[Leak]:
    """Make a leak of each class of equal groups; the largest first.

    If several classes keep memory together that none keeps alone, they become one: all
    their holders must let go.
    """
    reached: dict[int, set[int]] = {}
    for number, groups in enumerate(classes):
        for group in groups:
            for member in group.ways:
                reached.setdefault(member, set()).add(number)
    # What no group leads to and only `graph.members` lists is memory like any other.
    listed = frozenset(
        id(each) for n, each in enumerate(graph.members) if n not in reached
    )
    measure = partial(
        _sizes, graph, reached=reached, purse=_purse(budget), listed=listed
    )
    # Exceptions before suspended generators, if there is not room for all.
    order = sorted(
        range(len(classes)), key=lambda n: graph.is_suspended(classes[n][0].entry)
    )
    sizes = {number: measure({number}) for number in order}
    made = []
    for together in _parts(classes, reached):
        if len(together) > 1:
            found = measure(together)
            alone = sum(sizes[number][1].total for number in together)
            if found[1].total - alone >= _SHARED:
                groups = [group for n in sorted(together) for group in classes[n]]
                made.append(_leak(graph, groups, *found, is_joint=True))
                continue
        made += [_leak(graph, classes[n], *sizes[n]) for n in sorted(together)]
    return sorted(made, key=lambda leak: -leak.size)


def _sizes(
    graph: Graph,
    classes: set[int],
    *,
    reached: dict[int, set[int]],
    purse: Purse,
    listed: frozenset[int],
) -> tuple[list[int], Sizes]:
    """Return the frames that only some classes lead to, and what they keep."""
    own = [member for member, by in reached.items() if by <= classes]
    mine = [member for member in own if member in graph.is_frame]
    members = [graph.members[n] for n in own if n not in graph.is_frame]
    kept = [graph.members[member] for member in mine]
    sizes = exclusive(kept, members, budget=purse.budget(), listed=listed)
    purse.spend(sizes.walked)
    return mine, sizes


def _parts(classes: list[list[Group]], reached: dict[int, set[int]]) -> list[set[int]]:
    """Put classes together that lead to the same frames."""
    part: list[set[int]] = [{number} for number in range(len(classes))]
    for by in reached.values():
        if len(by) > 1:
            joint = set().union(*(part[number] for number in by))
            for number in joint:
                part[number] = joint
    seen: set[int] = set()
    found = []
    for number, joint in enumerate(part):
        if number not in seen:
            seen |= joint
            found.append(joint)
    return found


def _leak(
    graph: Graph,
    groups: list[Group],
    mine: list[int],
    sizes: Sizes,
    is_joint: bool = False,
) -> Leak:
    by_frame = dict(zip(mine, sizes.frames, strict=True))
    nothing = FrameSize(0, ())
    shown = max(
        groups,
        key=lambda group: (
            sum(by_frame.get(n, nothing).size for n in group.frames),
            len(group.ways),
        ),
    )
    order = sorted(shown.frames, key=lambda n: -by_frame.get(n, nothing).size)
    frames = [
        _frame(graph, shown, number, by_frame.get(number, nothing)) for number in order
    ]
    own = {n for group in groups for n in group.frames if n in by_frame}
    holders: dict[Holder, None] = {}
    for group in groups if is_joint else [min(groups, key=_by_path)]:
        holders |= dict.fromkeys(group.held.holders)
    return Leak(
        kind=_kind(graph, shown),
        head=shown.head,
        chain=_chain(graph, shown, order[0], frames[0]),
        frames=tuple(frames),
        size=sizes.total,
        is_partial=sizes.is_partial,
        count=1 if is_joint else len(groups),
        holders=tuple(holders),
        hidden=max(group.held.hidden for group in groups),
        marks=tuple(
            token
            for number in sorted(own)
            if (token := _token(graph.members[number])) is not None
        ),
    )


def _by_path(group: Group) -> list[tuple[int, str]]:
    """Order equal groups: `errors[0]` comes first."""
    return [(len(holder.path), holder.path) for holder in group.held.holders]


def _frame(graph: Graph, group: Group, number: int, size: FrameSize) -> KeptFrame:
    member = graph.members[number]
    frame = frame_of(member)
    assert frame is not None
    return KeptFrame(
        function=frame.f_code.co_qualname,
        file=frame.f_code.co_filename,
        line=frame.f_lineno or 0,
        through=_through(graph, group, number),
        size=size.size,
        locals=tuple(KeptLocal(*local) for local in size.locals),
    )


def _through(graph: Graph, group: Group, number: int) -> Through:
    member = graph.members[number]
    if type(member) is not FrameType:
        return Through.GENERATOR
    if number == group.entry:
        return Through.FRAME
    before: Any = graph.members[group.ways[number]]
    if type(before) is FrameType:
        return Through.CALLER if before.f_back is member else Through.FRAME
    return Through.TRACEBACK if label(before, member) == ".tb_frame" else Through.FRAME


def _kind(graph: Graph, group: Group) -> Kind:
    if group.is_garbage:
        return Kind.CYCLE
    head = graph.members[group.entry]
    if graph.is_suspended(group.entry):
        return Kind.SUSPENDED
    if is_exception(head) and is_growing(head):
        return Kind.GROWING
    kept = [frame_of(graph.members[number]) for number in group.frames]
    return Kind.CLEARED if all(map(_is_cleared, kept)) else Kind.RETAINED


def _is_cleared(frame: FrameType | None) -> bool:
    """Tell if a frame has lost its variables, as by `frame.clear()`."""
    if frame is None or not frame.f_code.co_nlocals:
        return False
    return not any(True for _ in local_values(frame))


def _chain(
    graph: Graph, group: Group, number: int, frame: KeptFrame
) -> tuple[str, ...]:
    """Name the references from the head to the largest local; repetitions are one."""
    way = [graph.members[each] for each in group.way_to(number)]
    steps = [label(before, after).lstrip(".") for before, after in pairwise(way)]
    chain: list[str] = []
    for step in steps:
        if step != "tb_next" and chain[-1:] != [step]:
            chain.append(step)
    if frame.locals:
        chain.append(frame.locals[0].name)
    return tuple(chain)


def _token(member: Any) -> ref[Any] | None:
    """Return what finds a frame or generator again without keeping it, or None."""
    if type(member) is FrameType:
        return own_mark(member, nursery.epoch)
    if may_be_referred_to(member):
        return ref(member)
    frame = frame_of(member)
    return None if frame is None else own_mark_of_generator(frame, nursery.epoch)
