"""How many references an object has that nobody has accounted for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

IMMORTAL = 1 << 29
"""Reference counts from here on count nothing: PEP 683."""


def references(objects: list[Any]) -> list[int]:
    """Return the references to each object, but for the one that this list has.

    Immortal objects have `IMMORTAL` or more. 40 ns each.
    """
    return [count - _LISTED for count in map(sys.getrefcount, objects)]


def _measure() -> int:
    """Ask for a probe that a list has and nobody else.

    From 3.14 on fewer references are made on the way to `getrefcount`: it borrows.
    """
    return next(map(sys.getrefcount, [object()]))


_LISTED = _measure()


def _is_sure() -> bool:
    """Tell if counts come out right for an object whose references are known."""
    probe = object()
    known = [probe, (probe,), {1: probe}]
    listed = [probe]
    del probe
    return references(listed) == [len(known)]


IS_SURE = _is_sure()
"""Counts are exact. If not, nothing is said of references from C."""


def unexplained(objects: list[Any], explained: Sequence[int]) -> list[int]:
    """Return how many references to each object are not among those explained."""
    return [
        max(0, count - known) if count < IMMORTAL else 0
        for count, known in zip(references(objects), explained, strict=True)
    ]
