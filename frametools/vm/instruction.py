"""Handlers of instructions: one documented function each, with its stack effect.

    @inst("STORE_FAST", "value --")
    def store_fast(frame, stack, oparg): ...

The effect is written as in CPython's Python/bytecodes.c: what is popped, `--`, what is
pushed, the top of the stack rightmost; `args[oparg]` is an array, `null if (oparg & 1)`
is there on a condition.
"""

from __future__ import annotations

import opcode as _opcode
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.vm._builtins import (
    dict,
    getattr,
    isinstance,
    len,
    list,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Handler = Callable[[InterpreterFrame, list[Any], Any], InterpreterFrame | None]
    H = TypeVar("H", bound=Handler)
    Prepare = Callable[[Code, Instruction], Any]
    Choose = Callable[[Code, Instruction], Handler | None]


class Spec(NamedTuple):
    """What `inst` declared of a handler."""

    opname: str
    effect: str
    prepare: Prepare
    choose: Choose | None


def oparg(_code: Code, instruction: Instruction) -> Any:
    """Prepare the operand of most instructions: the jump's target, or the oparg."""
    target = instruction.target
    return instruction.oparg if target is None else target


def inst(
    opname: str,
    effect: str,
    prepare: Prepare = oparg,
    choose: Choose | None = None,
) -> Callable[[H], H]:
    """Declare a function to be a handler of the instruction `opname`.

    A handler is called with the frame, its `localsplus` (whose end is the value stack)
    and the operand, which `prepare` made when the code was decoded. It returns None to
    go on with the next instruction, or the frame to go on with. What it raises is
    raised in the frame.

    `choose` is asked when the code is decoded: it may return another handler that does
    this one instruction better or faster, or None.
    """

    def declare(handler: H) -> H:
        handler.spec = Spec(opname, effect, prepare, choose)  # type: ignore[attr-defined]
        return handler

    return declare


def cache_entries(opname: str) -> int:
    """Return how many code units of inline cache follow an instruction."""
    return _caches.get(opname, 0)


def _cache_table() -> dict[str, int]:
    entries: Any = getattr(_opcode, "_inline_cache_entries", {})
    if isinstance(entries, list):  # by number
        return {
            name: entries[op] for name, op in _opcode.opmap.items() if op < len(entries)
        }
    return dict(entries)


_caches = _cache_table()
