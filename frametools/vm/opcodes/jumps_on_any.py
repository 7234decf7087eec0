"""Conditional jumps on any value: until TO_BOOL came before them.

Only NotImplemented needs them: its truth warns, and the warning names a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import NotImplemented, bool
from frametools.vm.calling import CallSite, call_native
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]


def truth(frame: Frame, value: Any) -> Any:
    """Return what is as true as a value; warn of NotImplemented where the frame is."""
    if value is NotImplemented:
        site = CallSite(frame.code.instructions[frame.instr_ptr])
        return call_native(frame, site, bool, (value,), {})
    return value


@inst("POP_JUMP_IF_FALSE", "cond --")
def pop_jump_if_false(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is false."""
    value = stack.pop()
    if value is not True and not truth(frame, value):
        frame.instr.__setstate__(target)


@inst("POP_JUMP_IF_TRUE", "cond --")
def pop_jump_if_true(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is true."""
    value = stack.pop()
    if value is not False and truth(frame, value):
        frame.instr.__setstate__(target)


@inst("JUMP_IF_FALSE_OR_POP", "cond -- cond if (jump)")
def jump_if_false_or_pop(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is false, else pop it."""
    if truth(frame, stack[-1]):
        stack.pop()
    else:
        frame.instr.__setstate__(target)


@inst("JUMP_IF_TRUE_OR_POP", "cond -- cond if (jump)")
def jump_if_true_or_pop(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is true, else pop it."""
    if truth(frame, stack[-1]):
        frame.instr.__setstate__(target)
    else:
        stack.pop()
