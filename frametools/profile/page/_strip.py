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
    tree = recording.tree
    depths, parents = tree.depths, tree.parent
    ends = _ends(recording, thread)
    if ends is None:
        return {}
    first, last = ends
    width = max(1, last - first + 1) / SLOTS
    slots = [0] * SLOTS
    standing = here = 0
    for time, kind, node, _ in recording.rows(thread):
        if kind > _LAST_MOVE:
            continue
        slot = min(int((time - first) / width), SLOTS - 1)
        while here < slot:
            here += 1
            slots[here] = standing
        if depths[node] > depths[slots[slot]]:
            slots[slot] = node
        standing = node if kind <= _LAST_ENTER else parents[node]
    depth = [depths[node] for node in slots]
    return {
        "thread": thread,
        "first": first,
        "last": last,
        "nodes": slots,
        "depths": depth,
    }


def _ends(recording: Recording, thread: int) -> tuple[int, int] | None:
    """When the first and the last event came; None without any."""
    times = (row[0] for row in recording.rows(thread))
    first = next(times, None)
    if first is None:
        return None
    return first, max(times, default=first)
