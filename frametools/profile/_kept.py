"""The frames alive at the end of a run, by function: rows for its data file."""

from __future__ import annotations

from frametools.retention.command.alive import Alive, say_last
from frametools.retention.leaks import Through, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from frametools.retention.leaks import KeptFrame, Leak

    Row = dict[str, Any]

MOST = 1_000
"""Rows in a data file, those that keep the most."""
CALLER = "caller"
"""Kind of a frame that only a frame above it keeps, through f_back."""


def kept_at_end(
    starters: list[CodeType], wants: Callable[[Row], bool]
) -> dict[str, Any]:
    """Look for frames of functions that are wanted; cost: that of `retention.live`.

    A row has function, filename, line, kind, frames, size (exclusive bytes), is_least
    and held: the place that holds them, without subscripts, and how many others do.
    Equal groups can have callers in common: of these no number is known, `frames` is 0.
    """
    alive = Alive(starters)
    rows: dict[tuple[object, ...], Row] = {}
    for leak in alive.leaks:
        for frame in leak.frames:
            _add(rows, leak, frame)
    found = sorted(filter(wants, rows.values()), key=lambda row: -row["size"])
    last = say_last(alive.last) if alive.last else ""
    return {"rows": found[:MOST], "left_out": len(found[MOST:]), "last": last}


def _add(rows: dict[tuple[object, ...], Row], leak: Leak, frame: KeptFrame) -> None:
    is_caller = frame.through is Through.CALLER
    kind = CALLER if is_caller else leak.kind.value
    held = _held(leak)
    key = frame.function, frame.file, kind, held
    row = rows.get(key)
    if row is None:
        row = rows[key] = {
            "function": frame.function,
            "filename": frame.file,
            "line": frame.line,
            "kind": kind,
            "frames": 0,
            "size": 0,
            "is_least": False,
            "held": held,
        }
    row["frames"] += 0 if is_caller else leak.count
    row["size"] += frame.size * leak.count
    row["is_least"] |= leak.is_partial


def _held(leak: Leak) -> str:
    """Name the holder that is understood best."""
    if not leak.holders:
        return f"{leak.hidden} references from C" if leak.hidden else "itself: a cycle"
    others = len({pattern(holder.path) for holder in leak.holders}) - 1
    return pattern(leak.holders[0].path) + (f" and {others} more" if others else "")
