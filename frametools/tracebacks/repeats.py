"""Variables that stand in a text more than once: they are shown once.

    main, line 2 -> KeyError         (the same frame as at line 4, below)
    main, line 4 -> RuntimeError     x = 1

That is where the exception shown last has it, which is what is read first. The reader
gives the same tuple for the same frame, and for the code of an `eval` or `exec` in it,
so its identity tells; text that is equal by chance, as in a recursion, is shown.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from frametools.snapshot import FrameSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.snapshot import TracebackSnapshot

_variables = itemgetter(FrameSnapshot._fields.index("locals"))


def same(frame: FrameSnapshot, shown: FrameSnapshot, place: str) -> str:
    """Say that the variables of a frame are those of one that is shown elsewhere."""
    what = "frame" if frame.code == shown.code else "variables"
    return f"the same {what} as at line {shown.line}, {place}"


def repeats(snapshot: TracebackSnapshot) -> dict[int, str]:
    """Say by id of a FrameSnapshot where its frame is shown instead."""
    frames = snapshot.frames
    is_alone = not (snapshot.cause or snapshot.context or snapshot.members)
    if is_alone and len(set(map(id, map(_variables, frames)))) == len(frames):
        return {}
    first: dict[int, FrameSnapshot] = {}
    again = []
    for each in _ranked(snapshot):
        for frame in each.frames:
            if found := frame.locals:
                shown = first.setdefault(id(found), frame)
                if shown is not frame:
                    again.append((frame, shown))
    if not again:
        return {}
    order = {id(frame): at for at, frame in enumerate(_printed(snapshot))}
    return {
        id(frame): same(
            frame, shown, "above" if order[id(shown)] < order[id(frame)] else "below"
        )
        for frame, shown in again
    }


def _ranked(snapshot: TracebackSnapshot) -> Iterator[TracebackSnapshot]:
    """Yield an exception, its members, and then what it came from."""
    each: TracebackSnapshot | None = snapshot
    while each is not None:
        yield each
        for member in each.members:
            yield from _ranked(member)
        each = each.cause or each.context


def _printed(snapshot: TracebackSnapshot) -> Iterator[FrameSnapshot]:
    """Yield the frames in the order of the text."""
    chain = [snapshot]
    while before := chain[-1].cause or chain[-1].context:
        chain.append(before)
    for each in reversed(chain):
        yield from each.frames
        for member in each.members:
            yield from _printed(member)
