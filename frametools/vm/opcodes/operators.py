"""Operators, comparisons, subscripts and slices.

The most common operators have handlers of their own, where the host's specialised
instruction works directly on the operands.
"""

from __future__ import annotations

import opcode as _opcode
import operator
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import NotImplemented, bool, len, type
from frametools.vm.calling import CallSite, call_native, call_site
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]
    Binary = Callable[[Any, Any], Any]

_invert, _not = operator.invert, operator.not_

_BINARY: dict[str, Binary] = {
    "+": operator.add,
    "&": operator.and_,
    "//": operator.floordiv,
    "<<": operator.lshift,
    "@": operator.matmul,
    "*": operator.mul,
    "%": operator.mod,
    "|": operator.or_,
    "**": operator.pow,
    ">>": operator.rshift,
    "-": operator.sub,
    "/": operator.truediv,
    "^": operator.xor,
    "+=": operator.iadd,
    "&=": operator.iand,
    "//=": operator.ifloordiv,
    "<<=": operator.ilshift,
    "@=": operator.imatmul,
    "*=": operator.imul,
    "%=": operator.imod,
    "|=": operator.ior,
    "**=": operator.ipow,
    ">>=": operator.irshift,
    "-=": operator.isub,
    "/=": operator.itruediv,
    "^=": operator.ixor,
    "[]": operator.getitem,
}
_BINARY_OPS = tuple(_BINARY[symbol] for _name, symbol in _opcode._nb_ops)  # type: ignore[attr-defined]

_COMPARE_OPS = (
    operator.lt,
    operator.le,
    operator.eq,
    operator.ne,
    operator.gt,
    operator.ge,
)


def binary_function(_code: Code, instruction: Instruction) -> Binary:
    """Prepare the function of a binary operator."""
    return _BINARY_OPS[instruction.oparg]


@inst("BINARY_OP", "lhs, rhs -- res")
def binary_op_add(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Add."""
    rhs = stack.pop()
    stack[-1] = stack[-1] + rhs


@inst("BINARY_OP", "lhs, rhs -- res")
def binary_op_subtract(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Subtract."""
    rhs = stack.pop()
    stack[-1] = stack[-1] - rhs


@inst("BINARY_OP", "lhs, rhs -- res")
def binary_op_multiply(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Multiply."""
    rhs = stack.pop()
    stack[-1] = stack[-1] * rhs


@inst("BINARY_OP", "lhs, rhs -- res")
def binary_op_inplace_add(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Add in place."""
    rhs = stack.pop()
    lhs = stack[-1]
    lhs += rhs
    stack[-1] = lhs


@inst("BINARY_OP", "lhs, rhs -- res")
def binary_op_subscr(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push `lhs[rhs]`."""
    rhs = stack.pop()
    stack[-1] = stack[-1][rhs]


_BINARY_HANDLERS: dict[Binary, Handler] = {
    operator.add: binary_op_add,
    operator.sub: binary_op_subtract,
    operator.mul: binary_op_multiply,
    operator.iadd: binary_op_inplace_add,
    operator.getitem: binary_op_subscr,
}


def _choose_binary(_code: Code, instruction: Instruction) -> Handler | None:
    return _BINARY_HANDLERS.get(_BINARY_OPS[instruction.oparg])


@inst("BINARY_OP", "lhs, rhs -- res", binary_function, _choose_binary)
def binary_op(_frame: Frame, stack: Stack, function: Binary) -> None:
    """Replace two operands by the result of an operator, which the oparg numbers."""
    rhs = stack.pop()
    stack[-1] = function(stack[-1], rhs)


@inst("BINARY_SUBSCR", "container, sub -- res")
def binary_subscr(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push `container[sub]`."""
    sub = stack.pop()
    stack[-1] = stack[-1][sub]


@inst("STORE_SUBSCR", "v, container, sub --")
def store_subscr(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `container[sub] = v`."""
    sub = stack.pop()
    container = stack.pop()
    container[sub] = stack.pop()


@inst("DELETE_SUBSCR", "container, sub --")
def delete_subscr(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `del container[sub]`."""
    sub = stack.pop()
    container = stack.pop()
    del container[sub]


@inst("BINARY_SLICE", "container, start, stop -- res")
def binary_slice(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push `container[start:stop]`."""
    stop = stack.pop()
    start = stack.pop()
    stack[-1] = stack[-1][start:stop]


@inst("STORE_SLICE", "v, container, start, stop --")
def store_slice(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `container[start:stop] = v`."""
    stop = stack.pop()
    start = stack.pop()
    container = stack.pop()
    container[start:stop] = stack.pop()


@inst("GET_LEN", "obj -- obj, len")
def get_len(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push the length of what is on top and stays."""
    stack.append(len(stack[-1]))


# Comparisons


def _comparison(shift: int) -> Callable[[Code, Instruction], Binary]:
    def prepare(_code: Code, instruction: Instruction) -> Binary:
        return _COMPARE_OPS[instruction.oparg >> shift]

    return prepare


@inst("COMPARE_OP", "left, right -- res")
def compare_op_less(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Compare by `<`."""
    right = stack.pop()
    stack[-1] = stack[-1] < right


@inst("COMPARE_OP", "left, right -- res")
def compare_op_equal(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Compare by `==`."""
    right = stack.pop()
    stack[-1] = stack[-1] == right


@inst("COMPARE_OP", "left, right -- res")
def compare_op_greater(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Compare by `>`."""
    right = stack.pop()
    stack[-1] = stack[-1] > right


_COMPARE_HANDLERS: dict[Binary, Handler] = {
    operator.lt: compare_op_less,
    operator.eq: compare_op_equal,
    operator.gt: compare_op_greater,
}


@inst("COMPARE_OP", "left, right -- res", _comparison(5))
def compare_op_to_bool(_frame: Frame, stack: Stack, compare: Binary) -> None:
    """Replace two operands by the truth of their comparison."""
    right = stack.pop()
    stack[-1] = bool(compare(stack[-1], right))


def _choose_compare(shift: int) -> Callable[[Code, Instruction], Handler | None]:
    def choose(_code: Code, instruction: Instruction) -> Handler | None:
        return _COMPARE_HANDLERS.get(_COMPARE_OPS[instruction.oparg >> shift])

    return choose


def _choose_compare_to_bool(_code: Code, instruction: Instruction) -> Handler | None:
    if instruction.oparg & 16:
        return compare_op_to_bool
    return _COMPARE_HANDLERS.get(_COMPARE_OPS[instruction.oparg >> 5])


@inst("COMPARE_OP", "left, right -- res", _comparison(5), _choose_compare_to_bool)
def compare_op(_frame: Frame, stack: Stack, compare: Binary) -> None:
    """Replace two operands by the result of a comparison."""
    right = stack.pop()
    stack[-1] = compare(stack[-1], right)


@inst("COMPARE_OP", "left, right -- res", _comparison(4), _choose_compare(4))
def compare_op_above_mask(_frame: Frame, stack: Stack, compare: Binary) -> None:
    """Replace two operands by a comparison, numbered above a mask of four bits."""
    right = stack.pop()
    stack[-1] = compare(stack[-1], right)


@inst("COMPARE_OP", "left, right -- res", _comparison(0), _choose_compare(0))
def compare_op_by_number(_frame: Frame, stack: Stack, compare: Binary) -> None:
    """Replace two operands by a comparison, which is the oparg."""
    right = stack.pop()
    stack[-1] = compare(stack[-1], right)


def _choose_is(_code: Code, instruction: Instruction) -> Handler | None:
    return is_not_op if instruction.oparg else None


@inst("IS_OP", "left, right -- b")
def is_not_op(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `left is not right`."""
    right = stack.pop()
    stack[-1] = stack[-1] is not right


@inst("IS_OP", "left, right -- b", choose=_choose_is)
def is_op(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `left is right`."""
    right = stack.pop()
    stack[-1] = stack[-1] is right


def _choose_contains(_code: Code, instruction: Instruction) -> Handler | None:
    return contains_not_op if instruction.oparg else None


@inst("CONTAINS_OP", "left, right -- b")
def contains_not_op(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `left not in right`."""
    right = stack.pop()
    stack[-1] = stack[-1] not in right


@inst("CONTAINS_OP", "left, right -- b", choose=_choose_contains)
def contains_op(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `left in right`."""
    right = stack.pop()
    stack[-1] = stack[-1] in right


# One operand


@inst("UNARY_NEGATIVE", "value -- res")
def unary_negative(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `-value`."""
    stack[-1] = -stack[-1]


@inst("UNARY_POSITIVE", "value -- res")
def unary_positive(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `+value`."""
    stack[-1] = +stack[-1]


@inst("UNARY_INVERT", "value -- res", call_site)
def unary_invert(frame: Frame, stack: Stack, site: CallSite) -> None:
    """Do `~value`; that of a bool warns, and must find the program's line."""
    value = stack[-1]
    if type(value) is bool:
        stack[-1] = call_native(frame, site, _invert, (value,), {})
    else:
        stack[-1] = ~value


@inst("UNARY_NOT", "value -- res")
def unary_not(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Do `not value`."""
    stack[-1] = not stack[-1]


@inst("UNARY_NOT", "value -- res", call_site)
def unary_not_of_any(frame: Frame, stack: Stack, site: CallSite) -> None:
    """Do `not value`; that of NotImplemented warns."""
    value = stack[-1]
    if value is NotImplemented:
        stack[-1] = call_native(frame, site, _not, (value,), {})
    else:
        stack[-1] = not value


@inst("TO_BOOL", "value -- res", call_site)
def to_bool(frame: Frame, stack: Stack, site: CallSite) -> None:
    """Replace a value by its truth; that of NotImplemented warns or is an error."""
    value = stack[-1]
    if value is True or value is False:
        return
    if value is NotImplemented:
        stack[-1] = call_native(frame, site, bool, (value,), {})
    else:
        stack[-1] = bool(value)
