"""The columns of an instruction, out of the location table of its code.

`co_positions()` makes a tuple for every code unit before it: 90 ns each. Here the entry
of the one instruction is found by functions of bytes, and read alone, which takes a
third of that for the shortest functions, and a tenth for long ones.

The table (InternalDocs/code_objects.md of CPython, 3.11 to 3.15) is a row of entries:

    1kkkkuuu payload...     k: the kind, u + 1: its code units; bit 7 is in no payload
    kind 0 to 9             0sssllll: the column is k * 8 + s, its end l later
    kind 10 to 12           two bytes: column and end column
    others                  of several lines, of none, or without columns
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import Protocol

    class HasPositions(Protocol):
        """A code object, or what stands for one."""

        def co_positions(self) -> Iterable[Position]:
            """Yield a position for each code unit."""

    Position = tuple[int | None, int | None, int | None, int | None]
    """Line, end line, column, end column; columns are of UTF-8 bytes."""

_NOWHERE = (None, None, None, None)
_PAYLOAD = bytes(range(128))
_UNITS = bytes((each & 7) + 1 for each in range(256))
_FIRST = bytes(each & 128 for each in range(256))
_BEGIN = b"\x80"


def position(code: CodeType, lasti: int, line: int | None) -> Position:
    """Find the position of an instruction, whose line may be known.

    All None if there is none. O(bytes of the code), 1 us for a short function if the
    line is known and the statement is of one line.
    """
    if line is None or lasti < 0:
        return searched(code, lasti)
    table = code.co_linetable
    ends = [*accumulate(table.translate(_UNITS, _PAYLOAD))]
    index = bisect_right(ends, lasti // 2)
    behind = table.translate(_FIRST).split(_BEGIN, index + 1)[-1]
    at = len(table) - len(behind)
    kind = table[at - 1] >> 3 & 15
    if kind > 12:
        return searched(code, lasti)
    if kind > 9:
        return line, line, table[at], table[at + 1]
    byte = table[at]
    column = (kind << 3) + (byte >> 4)
    return line, line, column, column + (byte & 15)


def searched(code: HasPositions, lasti: int) -> Position:
    """Find the position as Python does: O(instructions before it)."""
    found = islice(code.co_positions(), lasti // 2 if lasti > 0 else 0, None)
    return next(found, _NOWHERE)
