"""Local variables, and the cells of those that functions share."""

from __future__ import annotations

from types import CellType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    KeyError,
    NameError,
    SystemError,
    UnboundLocalError,
    ValueError,
    dict,
    len,
    type,
)
from frametools.vm.frame import NULL
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from typing import NoReturn

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]
    Pair = tuple[int, int]


def pair(_code: Code, instruction: Instruction) -> Pair:
    """Prepare the operand of an instruction that stands for two: four bits each."""
    return instruction.oparg >> 4, instruction.oparg & 15


def raise_unbound(frame: Frame, index: int) -> NoReturn:
    """Raise the error of a local variable that has no value."""
    name = frame.code.localsplusnames[index]
    raise UnboundLocalError(
        f"cannot access local variable '{name}' where it is not associated with a value"
    )


def raise_unbound_cell(frame: Frame, index: int) -> NoReturn:
    """Raise the error of an empty cell: `_PyEval_FormatExcUnbound`."""
    code = frame.code
    if index < code.nlocalsplus - len(code.co.co_freevars):
        raise_unbound(frame, index)
    name = code.localsplusnames[index]
    raise NameError(
        f"cannot access free variable '{name}' where it is not associated with a "
        "value in enclosing scope",
        name=name,
    )


@inst("LOAD_FAST", "-- value")
def load_fast(_frame: Frame, stack: Stack, index: int) -> None:
    """Push a local variable, which the compiler knows to be bound."""
    stack.append(stack[index])


@inst("LOAD_FAST_BORROW", "-- value")
def load_fast_borrow(_frame: Frame, stack: Stack, index: int) -> None:
    """Push a local variable; the host counts no reference, we do."""
    stack.append(stack[index])


@inst("LOAD_FAST_CHECK", "-- value")
def load_fast_check(frame: Frame, stack: Stack, index: int) -> None:
    """Push a local variable that may be unbound."""
    value = stack[index]
    if value is NULL:
        raise_unbound(frame, index)
    stack.append(value)


@inst("LOAD_FAST", "-- value")
def load_fast_checked(frame: Frame, stack: Stack, index: int) -> None:
    """Push a local variable that may be unbound."""
    value = stack[index]
    if value is NULL:
        raise_unbound(frame, index)
    stack.append(value)


@inst("LOAD_FAST_AND_CLEAR", "-- value")
def load_fast_and_clear(_frame: Frame, stack: Stack, index: int) -> None:
    """Push a local variable, or NULL, and unbind it, for an inlined comprehension."""
    stack.append(stack[index])
    stack[index] = NULL


@inst("LOAD_FAST_LOAD_FAST", "-- value1, value2", pair)
def load_fast_load_fast(_frame: Frame, stack: Stack, indexes: Pair) -> None:
    """Push two local variables."""
    first, second = indexes
    stack.append(stack[first])
    stack.append(stack[second])


@inst("LOAD_FAST_BORROW_LOAD_FAST_BORROW", "-- value1, value2", pair)
def load_fast_borrow_load_fast_borrow(
    _frame: Frame, stack: Stack, indexes: Pair
) -> None:
    """Push two local variables."""
    first, second = indexes
    stack.append(stack[first])
    stack.append(stack[second])


@inst("STORE_FAST", "value --")
def store_fast(_frame: Frame, stack: Stack, index: int) -> None:
    """Bind a local variable."""
    stack[index] = stack.pop()


@inst("STORE_FAST_LOAD_FAST", "value1 -- value2", pair)
def store_fast_load_fast(_frame: Frame, stack: Stack, indexes: Pair) -> None:
    """Bind a local variable and push one."""
    first, second = indexes
    stack[first] = stack[-1]
    stack[-1] = stack[second]


@inst("STORE_FAST_STORE_FAST", "value2, value1 --", pair)
def store_fast_store_fast(_frame: Frame, stack: Stack, indexes: Pair) -> None:
    """Bind two local variables."""
    first, second = indexes
    stack[first] = stack.pop()
    stack[second] = stack.pop()


@inst("DELETE_FAST", "--")
def delete_fast(frame: Frame, stack: Stack, index: int) -> None:
    """Unbind a local variable."""
    if stack[index] is NULL:
        raise_unbound(frame, index)
    stack[index] = NULL


@inst("MAKE_CELL", "--")
def make_cell(_frame: Frame, stack: Stack, index: int) -> None:
    """Put a local variable, or nothing yet, into a cell."""
    value = stack[index]
    stack[index] = CellType() if value is NULL else CellType(value)


@inst("COPY_FREE_VARS", "--")
def copy_free_vars(frame: Frame, stack: Stack, count: int) -> None:
    """Take the cells of the function's closure as free variables."""
    end = frame.code.nlocalsplus
    func: Any = frame.f_funcobj
    stack[end - count : end] = func.__closure__


@inst("LOAD_CLOSURE", "-- cell")
def load_closure(_frame: Frame, stack: Stack, index: int) -> None:
    """Push a cell itself."""
    stack.append(stack[index])


@inst("LOAD_DEREF", "-- value")
def load_deref(frame: Frame, stack: Stack, index: int) -> None:
    """Push what a cell holds."""
    try:
        stack.append(stack[index].cell_contents)
    except ValueError:
        pass
    else:
        return
    raise_unbound_cell(frame, index)


@inst("STORE_DEREF", "value --")
def store_deref(_frame: Frame, stack: Stack, index: int) -> None:
    """Put a value into a cell."""
    stack[index].cell_contents = stack.pop()


@inst("DELETE_DEREF", "--")
def delete_deref(frame: Frame, stack: Stack, index: int) -> None:
    """Empty a cell."""
    cell = stack[index]
    try:
        # `del` of an empty cell's contents is no error.
        cell.cell_contents  # noqa: B018
    except ValueError:
        pass
    else:
        del cell.cell_contents
        return
    raise_unbound_cell(frame, index)


def _named(namespace: Any, name: str) -> Any:
    """Look a name up in the namespace of a class, which may be any mapping."""
    if type(namespace) is dict:
        return namespace.get(name, NULL)
    try:
        return namespace[name]
    except KeyError:
        return NULL


@inst("LOAD_CLASSDEREF", "-- value")
def load_classderef(frame: Frame, stack: Stack, index: int) -> None:
    """Push a name of the class body, or the free variable of that name."""
    namespace = frame.f_locals
    if namespace is None:
        raise SystemError(
            f"no locals when loading {frame.code.localsplusnames[index]!r}"
        )
    value = _named(namespace, frame.code.localsplusnames[index])
    if value is NULL:
        load_deref(frame, stack, index)
    else:
        stack.append(value)


@inst("LOAD_FROM_DICT_OR_DEREF", "class_dict -- value")
def load_from_dict_or_deref(frame: Frame, stack: Stack, index: int) -> None:
    """Replace the namespace of a class by the value that it, or else a cell, has."""
    value = _named(stack[-1], frame.code.localsplusnames[index])
    if value is NULL:
        try:
            value = stack[index].cell_contents
        except ValueError:
            pass
        if value is NULL:
            raise_unbound_cell(frame, index)
    stack[-1] = value
