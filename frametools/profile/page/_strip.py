"""How deep the stack was over time, from the events of a recording."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from frametools.calltree import CallTree
    from frametools.recording import Recording

SLOTS = 1_200
THREADS = 8
_LAST_ENTER, _LAST_MOVE = 3, 6


def strips(tree: CallTree, path: str | None) -> list[dict[str, Any]]:
    """Give a strip per thread, of the first `THREADS`; O(events).

    Each slot of time has the deepest node that was on the stack in it, 0 for none.
    """
    if not (tree.has_events and path):
        return []
    from frametools.recording import Recording

    recording = Recording.load(path)
    found = (_strip(recording, thread) for thread in range(len(recording.threads)))
    return [strip for strip in found if strip][:THREADS]


def _strip(recording: Recording, thread: int) -> dict[str, Any]:
    ends = _ends(recording, thread)
    if ends is None:
        return {}
    first, last = ends
    slots = _deepest(recording, thread, first, max(1, last - first + 1) / SLOTS)
    depths = recording.tree.depths
    return {
        "thread": thread,
        "first": first,
        "last": last,
        "nodes": slots,
        "depths": [depths[node] for node in slots],
    }


def _deepest(recording: Recording, thread: int, first: int, width: float) -> list[int]:
    """Give each slot of time the deepest node that was on the stack in it."""
    depths, parents = recording.tree.depths, recording.tree.parent
    slots = [0] * SLOTS
    standing = here = deepest = 0
    edge = first + width
    for time, kind, node, _ in recording.rows(thread):
        if kind > _LAST_MOVE:
            continue
        if time >= edge and here < SLOTS - 1:
            slot = min(int((time - first) / width), SLOTS - 1)
            slots[here + 1 : slot + 1] = [standing] * (slot - here)
            here, deepest = slot, depths[standing]
            edge = first + width * (slot + 1)
        if depths[node] > deepest:
            deepest = depths[node]
            slots[here] = node
        standing = node if kind <= _LAST_ENTER else parents[node]
    slots[here + 1 :] = [standing] * (SLOTS - here - 1)
    return slots


def _ends(recording: Recording, thread: int) -> tuple[int, int] | None:
    """When the first and the last event of a thread came; None without any."""
    info = recording.threads[thread]
    if info.last > info.first:
        return info.first, info.last
    times = [row[0] for row in recording.rows(thread)]  # one event, or no such facts
    return (times[0], times[-1]) if times else None
