"""Handlers of instructions: one documented function each, with its stack effect.

    @inst("STORE_FAST", "value --")
    def store_fast(frame, stack, oparg): ...

The effect is written as in CPython's Python/bytecodes.c: what is popped, `--`, what is
pushed, the top of the stack rightmost; `args[oparg]` is an array, `null if (oparg & 1)`
is there on a condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Handler = Callable[[InterpreterFrame, list[Any], Any], InterpreterFrame | None]
    H = TypeVar("H", bound=Handler)
    Prepare = Callable[[Code, Instruction], Any]


class Spec(NamedTuple):
    """What `inst` declared of a handler."""

    opname: str
    effect: str
    prepare: Prepare


def oparg(_code: Code, instruction: Instruction) -> Any:
    """Prepare the operand of most instructions: the jump's target, or the oparg."""
    target = instruction.target
    return instruction.oparg if target is None else target


def inst(opname: str, effect: str, prepare: Prepare = oparg) -> Callable[[H], H]:
    """Declare a function to be a handler of the instruction `opname`.

    A handler is called with the frame, its `localsplus` (whose end is the value stack)
    and the operand, which `prepare` made when the code was decoded. It returns None to
    go on with the next instruction, or the frame to go on with. What it raises is
    raised in the frame.
    """

    def declare(handler: H) -> H:
        handler.spec = Spec(opname, effect, prepare)  # type: ignore[attr-defined]
        return handler

    return declare
