"""The exception table of a code object: which instructions have which handler."""

from __future__ import annotations

import opcode
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType


_RERAISE = bytes([opcode.opmap["RERAISE"]])
_EXIT = bytes(opcode.opmap[name] for name in ("PUSH_EXC_INFO", "WITH_EXCEPT_START"))
"""Begins what leaves a `with` block with an error; RERAISE ends it."""
_CLEANUP = bytes(opcode.opmap[name] for name in ("COPY", "POP_EXCEPT")) + _RERAISE
"""What such an exit has for a handler of its own."""


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


def is_in_exit(code: CodeType, raised: int, now: int) -> bool:
    """Tell if a frame that raised there does nothing now but leave a `with` block.

    Nothing else of its own ran in between, only the exits of blocks inside of that one:
    its variables are those of the error. Both are offsets in bytes.
    """
    opcodes = code.co_code[::2]
    if _EXIT not in opcodes:
        return False
    table, at = handlers(code), raised
    for _ in table:  # each leads further out
        target = next((each.target for each in table if each.start <= at < each.end), 0)
        is_exit = opcodes.startswith(_EXIT, target // 2)
        if not is_exit and not opcodes.startswith(_CLEANUP, target // 2):
            break
        at = opcodes.find(_RERAISE, target // 2) * 2
        if is_exit and target < now <= at:
            return True
    return False
