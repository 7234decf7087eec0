"""The exception table of a code object: which instructions have which handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType


class Handled(NamedTuple):
    """A range of instructions and where their handler begins; offsets in bytes."""

    start: int
    end: int
    target: int


def handlers(code: CodeType) -> list[Handled]:
    """Decode `co_exceptiontable`, as CPython's exception_handling_notes.txt has it."""
    table = iter(code.co_exceptiontable)
    found = []
    for first in table:
        start = _number(first, table) * 2
        size = _number(next(table), table) * 2
        target = _number(next(table), table) * 2
        _number(next(table), table)  # depth of the stack, and whether lasti is pushed
        found.append(Handled(start, start + size, target))
    return found


def _number(byte: int, table: Iterator[int]) -> int:
    """Decode a number of 6 bits per byte, the highest first; bit 6: more follow."""
    value = byte & 63
    while byte & 64:
        byte = next(table)
        value = value << 6 | byte & 63
    return value
