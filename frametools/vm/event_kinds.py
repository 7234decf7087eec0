"""Events as the VM numbers them, and which instructions they belong to.

The numbers are those of `frametools.events.EventKind`, as plain integers: they are
keys of dictionaries that are looked into at each event.
"""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING

from frametools._python import HAS_BRANCH_SIDES
from frametools.events import EventKind
from frametools.vm._builtins import frozenset, int

if TYPE_CHECKING:
    from frametools.vm.code import Code

PY_START, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND = range(1, 7)
LINE, CALL, C_RETURN, C_RAISE = range(7, 11)
RAISE, RERAISE, EXCEPTION_HANDLED, STOP_ITERATION = range(11, 15)
INSTRUCTION, JUMP, BRANCH_LEFT, BRANCH_RIGHT, BRANCH = range(15, 20)

PLACED = frozenset(
    {LINE, INSTRUCTION, CALL, JUMP, BRANCH, BRANCH_LEFT, BRANCH_RIGHT, STOP_ITERATION}
)
"""Events of instructions, but for those that begin and end frames."""

NAMES = {int(kind): kind.name for kind in EventKind}
NUMBERS = {name: number for number, name in NAMES.items()}

_CALLS = ("CALL", "CALL_KW", "CALL_FUNCTION_EX", "LOAD_SUPER_ATTR")
_POP_JUMPS = tuple(name for name in dis.opmap if name.startswith("POP_JUMP_"))
_OF_OPCODE = {
    "RETURN_VALUE": PY_RETURN,
    "RETURN_CONST": PY_RETURN,
    "YIELD_VALUE": PY_YIELD,
    "JUMP_FORWARD": JUMP,
    "JUMP_BACKWARD": JUMP,
    "END_FOR": STOP_ITERATION,
    "END_SEND": STOP_ITERATION,
    **dict.fromkeys(_CALLS, CALL),
    **dict.fromkeys(_POP_JUMPS, BRANCH_RIGHT if HAS_BRANCH_SIDES else BRANCH),
    "FOR_ITER": BRANCH_LEFT if HAS_BRANCH_SIDES else BRANCH,
}
if HAS_BRANCH_SIDES:
    _OF_OPCODE |= {
        "NOT_TAKEN": BRANCH_LEFT,
        "POP_ITER": BRANCH_RIGHT,
        "END_ASYNC_FOR": BRANCH_RIGHT,
    }
"""`EVENT_FOR_OPCODE` in Python/instrumentation.c."""


def event_at(code: Code, index: int) -> int | None:
    """Return the event that an instruction has besides LINE and INSTRUCTION."""
    if index < code.first_traceable:
        return None
    opname = code.instructions[index].opname
    if opname == "RESUME":
        return PY_START if index == code.first_traceable else PY_RESUME
    return _OF_OPCODE.get(opname)
