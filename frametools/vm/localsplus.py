"""The map of localsplus: which name has which slot, and how large a frame is.

    localsplus:  [ fast locals | cells | free variables | value stack area ]

The compiler computes it: `_PyCode_Validate` and `init_code` in Objects/codeobject.c. A
parameter that inner functions use keeps its slot, which MAKE_CELL makes a cell; other
cells come behind the locals.
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools._python import FRAME_HEADER_SLOTS
from frametools.vm._builtins import (
    TypeError,
    enumerate,
    frozenset,
    getattr,
    hasattr,
    isinstance,
    len,
    max,
    range,
    tuple,
    type,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = sys.maxsize.bit_length() // 8 + 1
"""Bytes of a slot: one pointer."""

CO_VARARGS, CO_VARKEYWORDS = 0x04, 0x08


class Slot(NamedTuple):
    """One slot of localsplus that has a name."""

    position: int
    name: str
    is_local: bool
    """A fast local."""
    is_cell: bool
    """What it holds is a cell; of a parameter, once MAKE_CELL has run."""
    is_free: bool
    """A cell of an outer function, put there by COPY_FREE_VARS."""
    parameter: str
    """positional-only, positional, keyword-only, *, **, or empty if it is none."""

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if self.is_free:
            return "free variable"
        if not self.is_local:
            return "cell"
        return "fast local, becomes a cell" if self.is_cell else "fast local"


class Layout(NamedTuple):
    """The localsplus of a code object, and its sizes in slots and bytes."""

    qualname: str
    filename: str
    line: int
    slots: tuple[Slot, ...]
    stacksize: int
    """Slots of the value stack area: `co_stacksize`."""
    header: int
    """Slots of a frame before localsplus: FRAME_SPECIALS_SIZE."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names, by index: `co_localsplusnames`."""
        return tuple(slot.name for slot in self.slots)

    @property
    def locals(self) -> tuple[Slot, ...]:
        """The fast locals, parameters first."""
        return tuple(slot for slot in self.slots if slot.is_local)

    @property
    def cells(self) -> tuple[Slot, ...]:
        """The cells of this function, parameters among them."""
        return tuple(slot for slot in self.slots if slot.is_cell)

    @property
    def free(self) -> tuple[Slot, ...]:
        """The free variables."""
        return tuple(slot for slot in self.slots if slot.is_free)

    @property
    def stack(self) -> range:
        """Indexes of the value stack area."""
        return range(len(self.slots), len(self.slots) + self.stacksize)

    @property
    def nlocalsplus(self) -> int:
        """Slots with names."""
        return len(self.slots)

    @property
    def framesize(self) -> int:
        """Slots of a whole frame on the data stack: `co_framesize`."""
        return self.header + len(self.slots) + self.stacksize

    @property
    def localsplus_bytes(self) -> int:
        """Bytes of localsplus, the value stack area included."""
        return WORD * (len(self.slots) + self.stacksize)

    @property
    def frame_bytes(self) -> int:
        """Bytes of a whole frame on the data stack."""
        return WORD * self.framesize

    def __str__(self) -> str:
        return "\n".join([*self._heading(), *self._rows()])

    def _heading(self) -> list[str]:
        count, area = len(self.slots), self.stacksize
        sizes = f"{self.header} + {count} + {area} = {self.framesize} slots"
        return [
            f"{self.qualname}  {self.filename}:{self.line}",
            f"frame       {sizes}, {self.frame_bytes} bytes",
            f"localsplus  {count + area} slots, {self.localsplus_bytes} bytes",
        ]

    def _rows(self) -> list[str]:
        rows = [(f"[{slot.position}]", slot.name, _words(slot)) for slot in self.slots]
        if self.stacksize:
            first, last = self.stack[0], self.stack[-1]
            at = f"[{first}]" if first == last else f"[{first}...{last}]"
            rows.append((at, "", "value stack area"))
        left = max((len(row[0]) for row in rows), default=0)
        middle = max((len(row[1]) for row in rows), default=0)
        return [
            f"    {at:<{left}}  {name:<{middle}}  {words}" for at, name, words in rows
        ]


def _words(slot: Slot) -> str:
    return f"{slot.kind}: {slot.parameter} parameter" if slot.parameter else slot.kind


def layout(what: CodeType | Callable[..., Any]) -> Layout:
    """Map the localsplus of a code object, or of the code of a function or method.

    Raises TypeError for what has no code of Python. Nothing is run.
    """
    co = _code(what)
    cells, free = frozenset(co.co_cellvars), co.co_freevars
    own = tuple(name for name in co.co_cellvars if name not in co.co_varnames)
    parameters = _parameters(co)
    names = co.co_varnames + own + free
    local_count, free_from = len(co.co_varnames), len(names) - len(free)
    slots = tuple(
        Slot(
            index,
            name,
            is_local=index < local_count,
            is_cell=name in cells and index < free_from,
            is_free=index >= free_from,
            parameter=parameters[index] if index < len(parameters) else "",
        )
        for index, name in enumerate(names)
    )
    return Layout(
        co.co_qualname,
        co.co_filename,
        co.co_firstlineno,
        slots,
        co.co_stacksize,
        FRAME_HEADER_SLOTS,
    )


def _parameters(co: CodeType) -> list[str]:
    """Return what kind of parameter each of the first locals is."""
    only, positional = co.co_posonlyargcount, co.co_argcount
    kinds = ["positional-only"] * only + ["positional"] * (positional - only)
    kinds += ["keyword-only"] * co.co_kwonlyargcount
    if co.co_flags & CO_VARARGS:
        kinds.append("*")
    if co.co_flags & CO_VARKEYWORDS:
        kinds.append("**")
    return kinds


def _code(what: Any) -> CodeType:
    if isinstance(what, CodeType):
        return what
    from frametools.vm.running import original

    while hasattr(what, "__func__"):
        what = what.__func__
    if type(what).__name__ == "function":
        what = original(what)
    co = getattr(what, "__code__", None)
    if not isinstance(co, CodeType):
        kind = type(what).__name__
        raise TypeError(f"layout() takes code or a function, not {kind}")
    return co
