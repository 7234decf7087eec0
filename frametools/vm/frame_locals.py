"""What `f_locals` and `locals()` answer: snapshots until 3.12, then a proxy.

Until 3.12 a function's frame has one dictionary, brought up to date whenever someone
asks (`PyFrame_FastToLocals`), and written back after each call of a trace function
(`PyFrame_LocalsToFast`). From 3.13 it has a `FrameLocalsProxy` that reads and writes
the variables themselves (PEP 667; locals_proxy.py). The frame of a module or a class
body has its namespace, on all versions.
"""

from __future__ import annotations

import warnings
from types import CellType
from typing import TYPE_CHECKING, Any

from frametools._python import GIVES_UNBOUND_LOCALS_NONE, HAS_LOCALS_PROXY
from frametools.vm._builtins import (
    KeyError,
    RuntimeWarning,
    ValueError,
    dict,
    enumerate,
    getattr,
    len,
    type,
)
from frametools.vm.frame import NULL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame

CO_OPTIMIZED = 0x1

_CLASS_CELLS = frozenset(("__class__", "__classdict__", "__conditional_annotations__"))
"""Cells of a class body or module that no inlined comprehension made."""


def is_hidden(code: Code, at: int) -> bool:
    """Say if a slot belongs to an inlined comprehension: CO_FAST_HIDDEN.

    Only those of modules and class bodies are hidden; in a function they are plain.
    """
    co = code.co
    if co.co_flags & CO_OPTIMIZED:
        return False
    if at >= code.nlocalsplus - len(co.co_freevars):
        return False
    return code.localsplusnames[at] not in _CLASS_CELLS


def is_shown(code: Code, at: int) -> bool:
    """Say if a slot is a variable of this scope.

    The free variables of a class body are those of the functions around it.
    """
    if code.co.co_flags & CO_OPTIMIZED:
        return True
    return at < code.nlocalsplus - len(code.co.co_freevars)


def value_at(frame: InterpreterFrame, at: int) -> Any:
    """Return the value of a variable, NULL if it is unbound: `frame_get_var`."""
    value = frame.localsplus[at]
    if type(value) is CellType and is_cell_slot(frame, at):
        try:
            return value.cell_contents
        except ValueError:
            return NULL
    if value is NULL and frame.instr_ptr < 1:
        return _free_before_start(frame, at)
    return value


def is_cell_slot(frame: InterpreterFrame, at: int) -> bool:
    """Say if a slot holds the cell of a variable, and not a cell as its value."""
    code = frame.code
    co = code.co
    if at >= len(co.co_varnames):
        return True
    # A parameter that is a cell itself, until MAKE_CELL has run: instructions
    # before RESUME, in the order of the slots.
    if code.localsplusnames[at] not in co.co_cellvars:
        return False
    for instruction in code.instructions:
        if instruction.opname == "MAKE_CELL" and instruction.oparg == at:
            return instruction.index <= frame.instr_ptr
    return False


def _free_before_start(frame: InterpreterFrame, at: int) -> Any:
    """Read a free variable of a frame that has not run COPY_FREE_VARS yet."""
    first = frame.code.nlocalsplus - len(frame.code.co.co_freevars)
    closure = getattr(frame.f_funcobj, "__closure__", None)
    if at < first or closure is None:
        return NULL
    try:
        return closure[at - first].cell_contents
    except ValueError:
        return NULL


def set_value_at(frame: InterpreterFrame, at: int, value: Any) -> None:
    """Give a variable a value, or NULL, through its cell if it has one."""
    localsplus = frame.localsplus
    held = localsplus[at]
    if type(held) is CellType and is_cell_slot(frame, at):
        if value is not NULL:
            held.cell_contents = value
        elif value_at(frame, at) is not NULL:
            del held.cell_contents
    else:
        localsplus[at] = value


def variables(frame: InterpreterFrame) -> Iterator[tuple[int, str, Any]]:
    """Yield slot, name and value (or NULL) of each variable of a frame."""
    code = frame.code
    for at, name in enumerate(code.localsplusnames):
        if is_shown(code, at):
            yield at, name, value_at(frame, at)


def hidden_locals(frame: InterpreterFrame) -> dict[str, Any]:
    """Return what inlined comprehensions of a module or class body have bound now."""
    if frame.code.co.co_flags & CO_OPTIMIZED:
        return {}
    return {
        name: value
        for at, name, value in variables(frame)
        if value is not NULL and is_hidden(frame.code, at)
    }


def fast_to_locals(frame: InterpreterFrame) -> Any:
    """Bring a frame's dictionary up to date: PyFrame_FastToLocalsWithError, 3.12.

    The same one each time; keys that are no variables stay in it.
    """
    namespace = frame.f_locals
    if namespace is None:
        namespace = frame.f_locals = {}
    for at, name, value in variables(frame):
        if is_hidden(frame.code, at):
            continue
        if value is not NULL:
            namespace[name] = value
            continue
        try:
            del namespace[name]
        except KeyError:
            pass
    return namespace


def locals_to_fast(frame: InterpreterFrame, clear: bool = True) -> None:
    """Write the dictionary back to the variables: PyFrame_LocalsToFast, until 3.12.

    With `clear`, a variable that the dictionary lacks is unbound. Does nothing where
    `f_locals` writes through by itself.
    """
    namespace = frame.f_locals
    if HAS_LOCALS_PROXY or namespace is None:
        return
    for at, name, before in variables(frame):
        if is_hidden(frame.code, at):
            continue
        try:
            value = namespace[name]
        except KeyError:
            value = NULL
        if value is before or (value is NULL and not clear):
            continue
        if value is NULL and GIVES_UNBOUND_LOCALS_NONE:
            # The compiler may have proven that it is bound.
            message = f"assigning None to unbound local {name!r}"
            warnings.warn(message, RuntimeWarning, stacklevel=2)
            value = None
        set_value_at(frame, at, value)


proxy_of: list[Callable[[InterpreterFrame], Any]] = []
"""Its only item is that of locals_proxy.py, which needs frame objects."""


def get_locals(frame: InterpreterFrame) -> Any:
    """Return what `f_locals` is: PyFrame_GetLocals."""
    hidden = hidden_locals(frame)
    if not HAS_LOCALS_PROXY:
        namespace = fast_to_locals(frame)
        return {**namespace, **hidden} if hidden else namespace
    if frame.code.co.co_flags & CO_OPTIMIZED or hidden:
        return proxy_of[0](frame)
    if frame.f_locals is None:
        frame.f_locals = {}
    return frame.f_locals


def frame_locals(frame: InterpreterFrame) -> Any:
    """Return what `locals()` is: `_PyEval_GetFrameLocals`.

    A new dictionary wherever `f_locals` is a proxy.
    """
    found = get_locals(frame)
    if HAS_LOCALS_PROXY and found is not frame.f_locals:
        return found.copy()
    return found
