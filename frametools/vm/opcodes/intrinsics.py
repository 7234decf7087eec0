"""CALL_INTRINSIC_1 and _2: each function has a handler, named INTRINSIC_..."""

from __future__ import annotations

import opcode as _opcode
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import getattr, tuple
from frametools.vm.host_instruction import perform, perform_in
from frametools.vm.instruction import inst
from frametools.vm.opcodes.imports import all_from

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]

INTRINSICS: dict[str, Handler] = {}
"""By name; what is not here the host does. Filled by versions.py."""


def intrinsic_name(instruction: Instruction) -> str:
    """Return the name of the function that an instruction calls."""
    which = 1 if instruction.opname == "CALL_INTRINSIC_1" else 2
    name: str = getattr(_opcode, f"_intrinsic_{which}_descs")[instruction.oparg]
    return name


def _choose(_code: Code, instruction: Instruction) -> Handler | None:
    return INTRINSICS.get(intrinsic_name(instruction))


@inst("CALL_INTRINSIC_1", "value -- res", choose=_choose)
def call_intrinsic_1(frame: Frame, stack: Stack, oparg: int) -> None:
    """Call a function of the interpreter with one argument."""
    stack[-1] = perform_in(frame.f_globals, "CALL_INTRINSIC_1", oparg, stack[-1])


@inst("CALL_INTRINSIC_2", "value2, value1 -- res", choose=_choose)
def call_intrinsic_2(frame: Frame, stack: Stack, oparg: int) -> None:
    """Call a function of the interpreter with two arguments."""
    made = perform_in(frame.f_globals, "CALL_INTRINSIC_2", oparg, *stack[-2:])
    stack[-2:] = (made,)


@inst("INTRINSIC_IMPORT_STAR", "value -- res")
def intrinsic_import_star(frame: Frame, stack: Stack, oparg: int) -> None:
    """Put all public names of a module into the namespace."""
    all_from(frame, "CALL_INTRINSIC_1", oparg, stack[-1])
    stack[-1] = None


@inst("INTRINSIC_UNARY_POSITIVE", "value -- res")
def intrinsic_unary_positive(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `+value`."""
    stack[-1] = +stack[-1]


@inst("INTRINSIC_LIST_TO_TUPLE", "value -- res")
def intrinsic_list_to_tuple(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Make a tuple of a list."""
    stack[-1] = tuple(stack[-1])


@inst("PRINT_EXPR", "value --")
def print_expr(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Call `sys.displayhook`, of an interactive statement."""
    perform("PRINT_EXPR", 0, stack.pop())
