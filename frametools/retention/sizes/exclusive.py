"""How much memory frames keep that nothing else keeps: trial deletion by counts.

The frames' closure is walked, and each reference met on the way is counted. An object
with more references than that is held from outside, and so is what it reaches; the
rest would be freed if the frames let go (docs/facts/retention.md, 2.7). No pass over
the heap is needed, and no user code runs.
"""

from __future__ import annotations

import sys
from itertools import chain, compress
from operator import not_
from typing import TYPE_CHECKING, NamedTuple

from frametools.retention.sizes.closures import Closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frametools.retention.sizes.closures import Claim


class LocalSize(NamedTuple):
    """What a variable keeps."""

    name: str
    type: str
    """Name of its value's type."""
    size: int
    """Bytes that it is the first to reach, of those that only the frames keep."""


class FrameSize(NamedTuple):
    """What a frame keeps."""

    size: int
    """Bytes: the frame object, its locals, and what it keeps besides them."""
    locals: tuple[LocalSize, ...]
    """The largest first; those of no bytes are left out."""


class Sizes(NamedTuple):
    """What frames keep together."""

    total: int
    """Bytes freed if they, and what leads to them, let go: the sum of `frames`."""
    is_partial: bool
    """There was more than the budget allowed: the sizes are lower bounds."""
    frames: tuple[FrameSize, ...]
    """In the order asked for; what several keep is the first one's."""
    walked: int = 0
    """Objects that were looked at."""


def exclusive(
    frames: Sequence[object],
    members: Iterable[object] = (),
    *,
    budget: int | None = 300_000,
    listed: frozenset[int] = frozenset(),
) -> Sizes:
    """Measure what only these frames keep, in bytes.

    `frames` have ended or are suspended generators, coroutines, async generators;
    `members` are the tracebacks, exceptions and other frames that die with them: their
    references are not somebody else's, their own memory is not counted. `listed` are
    ids of what the caller has one reference to, besides these. Modules, their
    namespaces, types and code are neither entered nor counted.

    About `budget` objects are looked at, twice if there are more. Takes about 100 us,
    and 0.3-1 us per object that the frames reach, theirs alone or not; one that is
    alone in its level, as in a linked list, 3 us.
    """
    dying = list(members)
    closure = Closure(frames, dying, budget, listed)
    closure.walk()
    sizes = _measure(closure, closure.outside())
    if not closure.is_partial:
        return sizes
    del closure  # its references would count
    closure = Closure(frames, dying, budget, listed)
    closure.walk_carefully()
    # What it entered is the frames' alone, so nothing is spread from those held.
    careful = _measure(closure, set(map(id, closure.held())))
    best = max(sizes, careful, key=lambda found: found.total)
    return best._replace(walked=sizes.walked + careful.walked)


def _measure(closure: Closure, outside: set[int]) -> Sizes:
    is_spread = not outside <= closure.shared.keys()
    found = tuple(
        _frame_size(frame, [_size(closure, claim, outside, is_spread) for claim in own])
        for frame, own in zip(closure.frames, closure.claims, strict=True)
    )
    total = sum(frame.size for frame in found)
    return Sizes(total, closure.is_partial, found, closure.walked)


def _frame_size(frame: object, sizes: list[tuple[Claim, int]]) -> FrameSize:
    named = [
        LocalSize(claim.name, claim.type, size)
        for claim, size in sizes
        if claim.name is not None and size
    ]
    named.sort(key=lambda local: -local.size)
    total = sys.getsizeof(frame) + sum(size for _, size in sizes)
    return FrameSize(total, tuple(named))


def _size(
    closure: Closure, claim: Claim, outside: set[int], is_spread: bool
) -> tuple[Claim, int]:
    """Add up what a variable claims; most objects are not in question."""
    size = closure.kinds.size
    lists = [*claim.shared, *(claim.alone if is_spread else ())]
    objects = list(chain.from_iterable(lists))
    are_inside = map(not_, map(outside.__contains__, map(id, objects)))
    total = size(list(compress(objects, are_inside)))
    if not is_spread:
        total += sum(map(size, claim.alone))
    return claim, total
