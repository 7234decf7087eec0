"""Which instructions begin a line: where LINE events are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._python import BACKWARD_JUMPS_START_LINES
from frametools.vm._builtins import (
    len,
)

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction

_NEVER = frozenset({"END_ASYNC_FOR", "END_FOR", "END_SEND", "RESUME", "POP_ITER"})
"""What CPython skips or must not hide, so that it cannot begin a line."""

_SKIPPING = frozenset({"FOR_ITER", "SEND"})
"""Jumps behind the instruction that they name: END_FOR, END_SEND."""


def line_starts(code: Code) -> dict[int, int]:
    """Return the line of each instruction that may begin one: `initialize_lines`.

    These are the first of a line in the order of the code, and wherever control may
    come from elsewhere: targets of jumps, and handlers of exceptions.
    """
    if BACKWARD_JUMPS_START_LINES:
        return _all_changes(code)
    found = _first_of_lines(code)
    for instruction in code.instructions[code.first_traceable :]:
        target = _target(instruction)
        if target is not None:
            _add(code, found, target)
    for handled in code.handled:
        if (
            handled is not None
            and code.instructions[handled.target].opname != "END_ASYNC_FOR"
        ):
            _add(code, found, handled.target)
    return found


def _first_of_lines(code: Code) -> dict[int, int]:
    found: dict[int, int] = {}
    current: int | None = None
    for instruction in code.instructions[code.first_traceable :]:
        if instruction.opname in _NEVER:
            continue
        line = code.line(instruction.index)
        if line is not None and line != current:
            found[instruction.index] = line
        current = line
    return found


def _target(instruction: Instruction) -> int | None:
    target = instruction.target
    if target is None or instruction.opname == "END_ASYNC_FOR":
        return None
    return target + 1 if instruction.opname in _SKIPPING else target


def _add(code: Code, found: dict[int, int], index: int) -> None:
    line = code.line(index)
    if line is None or index >= len(code.instructions):
        return
    if code.instructions[index].opname != "POP_ITER":
        found[index] = line


def _all_changes(code: Code) -> dict[int, int]:
    """As `maybe_call_line_trace` asks before each instruction, in 3.11's ceval.c."""
    found: dict[int, int] = {}
    reached = {i.target for i in code.instructions if i.target is not None}
    reached |= {handled.target for handled in code.handled if handled is not None}
    first = code.first_traceable
    previous: int | None = None
    for instruction in code.instructions[first + 1 :]:
        index = instruction.index
        line = code.line(index)
        if line is not None and instruction.opname != "RESUME":
            begins = line != previous or index in reached or index == first + 1
            found |= {index: line} if begins else {}
        previous = line
    return found
