"""How deep the value stack is before each instruction, by CPython's own arithmetic.

The compiler sees to it that this is the same however an instruction is reached: so it
can be worked out from `dis.stack_effect` and the exception table, as
`mark_stacks` in Objects/frameobject.c does.
"""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

_JUMPS = frozenset(dis.hasjrel) | frozenset(dis.hasjabs)
_ENDS = {"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"}
_ALWAYS_JUMP = {"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}


_known: dict[tuple[bytes, bytes], dict[int, int]] = {}
"""By what it depends on: no code object is kept alive."""


def depths(code: CodeType) -> dict[int, int]:
    """Return the depth before the instruction at each offset that can be reached."""
    key = code.co_code, code.co_exceptiontable
    if key not in _known:
        _known[key] = _depths(code)
    return _known[key]


def _depths(code: CodeType) -> dict[int, int]:
    instructions = list(dis.get_instructions(code))
    index_at = {each.offset: index for index, each in enumerate(instructions)}
    found: dict[int, int] = {}
    todo = [(0, 0)]
    todo += [
        (index_at[entry.target], entry.depth + entry.lasti + 1)
        for entry in dis.Bytecode(code).exception_entries
    ]
    while todo:
        index, depth = todo.pop()
        each = instructions[index]
        if each.offset in found:
            continue
        found[each.offset] = depth
        if each.opcode in _JUMPS:
            todo.append((index_at[each.argval], depth + _effect(each, jump=True)))
        if each.opname not in _ENDS | _ALWAYS_JUMP:
            todo.append((index + 1, depth + _effect(each, jump=False)))
    return found


def _effect(each: dis.Instruction, *, jump: bool) -> int:
    if each.opname == "RETURN_GENERATOR":
        return 1  # what it is first resumed with; 3.11 says 0
    if each.opname == "PRECALL":
        return 0  # dis says that this takes the arguments, in 3.11: it is CALL
    if each.opname == "CALL" and "PRECALL" in dis.opmap:
        return -1 - (each.arg or 0)
    return dis.stack_effect(each.opcode, each.arg, jump=jump)
