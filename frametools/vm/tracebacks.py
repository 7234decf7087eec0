"""Real traceback objects whose frames stand for VM frames: twin frames.

A traceback can only be made with a frame of the host. So each entry gets a *twin*: the
frame of a generator that never runs, made of a code object with the name, file, and
line table of the original. Lines and carets are then exact for everybody who prints.

    traceback -> twin --f_trace-->  FrameObject --> InterpreterFrame
                  | f_locals                            : (weak)
                  +--------------------------------> TwinLocals

`frame_object.of_twin` gives a program the frame object of the VM frame instead of the
twin. Native readers get `f_locals` that reads the VM frame; a native `clear()` of the
twin drops `f_trace`, and by that the VM frame's variables if nobody else holds them.

The host adds entries for our own frames while an exception passes them; `strip` takes
them out again.
"""

from __future__ import annotations

import os
import sys
from dis import opmap
from types import FunctionType, TracebackType
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools.vm._builtins import (
    BaseException,
    KeyError,
    ValueError,
    bytes,
    dict,
    eval,
    id,
    iter,
    len,
    max,
    repr,
    type,
    zip,
)
from frametools.vm.calling import HIDDEN, remember
from frametools.vm.frame import NULL
from frametools.vm.frame_object import of
from frametools.vm.host import get_traceback, set_traceback, sys_exception

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame

_OURS = os.path.dirname(sys._getframe().f_code.co_filename) + os.sep
_CO_GENERATOR = 0x20
_NOT_IN_TWINS = 0x01 | 0x02 | 0x04 | 0x08 | 0x80 | 0x100 | 0x200
"""Optimized, new locals, `*args`, `**kwargs`, and the other kinds of resumable code."""

_FIRST_OPS = ("RETURN_GENERATOR", "POP_TOP", "RESUME")

_twins: dict[int, object] = {}
"""The code objects of twins, by id."""


def add_entry(
    frame: InterpreterFrame, traceback: TracebackType | None, index: int
) -> TracebackType:
    """Return `traceback` with an entry in front: `PyTraceBack_Here`. About 1 us."""
    code, names, namespace = frame.code, frame.f_globals, frame.f_locals
    co = code.twin
    if co is None:
        co = make_twin_code(code)
    if "__builtins__" in names:
        if namespace is None:
            namespace = TwinLocals(frame)
        twin = eval(co, names, namespace).gi_frame
    else:  # which eval would put there
        twin = FunctionType(co, names)().gi_frame
    twin.f_trace = of(frame)
    offset = code.instructions[index].offset if index >= 0 else 0
    # The host computes the line when it is asked for.
    return TracebackType(traceback, twin, offset, -1)


def twin_of(frame: InterpreterFrame) -> FrameType:
    """Make a host frame that stands for a VM frame."""
    return add_entry(frame, None, 0).tb_frame


def make_twin_code(code: Code) -> CodeType:
    """Make and keep the code of twins: it runs no instruction of the program.

    It has no cells and no free variables: a twin whose COPY_FREE_VARS was overwritten
    crashed 3.13 when its `f_locals` were read: the slot of a free variable is NULL.
    """
    co = code.co
    first = b"".join(bytes((opmap[name], 0)) for name in _FIRST_OPS)
    rest = max(0, len(co.co_code) - len(first)) // 2
    twin = co.replace(
        co_code=first + bytes((opmap["NOP"], 0)) * rest,
        co_flags=co.co_flags & ~_NOT_IN_TWINS | _CO_GENERATOR,
        co_argcount=0,
        co_posonlyargcount=0,
        co_kwonlyargcount=0,
        co_cellvars=(),
        co_freevars=(),
        co_consts=(),
        co_exceptiontable=b"",
    )
    remember(_twins, twin)
    code.twin = twin
    return twin


class TwinLocals(ref):  # type: ignore[type-arg]
    """What `f_locals` of a twin is: the variables of a VM frame, read when asked."""

    __slots__ = ()

    def _items(self) -> Iterator[tuple[str, Any]]:
        frame = self()
        if frame is None:
            return
        co = frame.code.co
        cells = {*co.co_cellvars, *co.co_freevars}
        for name, value in zip(frame.code.localsplusnames, frame.localsplus):
            if name in cells and type(value) is _Cell:
                value = _contents(value)
            if value is not NULL:
                yield name, value

    def keys(self) -> Any:
        """Return a view of the names that are bound."""
        return dict(self._items()).keys()

    def items(self) -> Any:
        """Return a view of the bound names with their values."""
        return dict(self._items()).items()

    def values(self) -> Any:
        """Return a view of the values of bound names."""
        return dict(self._items()).values()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable's value, or `default`."""
        return dict(self._items()).get(name, default)

    def copy(self) -> dict[str, Any]:
        """Return the variables as a dict."""
        return dict(self._items())

    def __getitem__(self, name: str) -> Any:
        return dict(self._items())[name]

    def __delitem__(self, name: str) -> None:
        # PyFrame_FastToLocals (until 3.12) does so for each variable of the twin.
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._items()))

    def __len__(self) -> int:
        return len(dict(self._items()))

    def __contains__(self, name: object) -> bool:
        return name in dict(self._items())

    def __repr__(self) -> str:
        return repr(dict(self._items()))


def _contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return NULL


def _cell_type() -> type:
    inner = None

    def inner_function() -> None:
        return inner

    return type(inner_function.__closure__[0])  # type: ignore[index]


_Cell = _cell_type()


def is_hidden(co: CodeType) -> bool:
    """Say if a code object of the host is ours: no traceback shows it."""
    if id(co) in HIDDEN:
        return True
    if is_ours(co):
        HIDDEN[id(co)] = co  # found faster the next time
        return True
    return False


def is_ours(co: CodeType) -> bool:
    """Say if a code object of the host is the VM's own, and no trampoline or shim."""
    return co.co_filename.startswith(_OURS)


def first_shown(entry: TracebackType | None) -> TracebackType | None:
    """Return the first entry from there on that is not of a frame of ours."""
    while entry is not None and is_hidden(entry.tb_frame.f_code):
        entry = entry.tb_next
    return entry


def strip(error: BaseException) -> TracebackType | None:
    """Take entries of our own frames out of the traceback, and return what is left.

    Looks only as far as the first twin: what lies behind was stripped when the error
    passed that VM frame.
    """
    entry = full = get_traceback(error)
    # `first_shown` in place: this is on the way of each exception of the host.
    while entry is not None and is_hidden(entry.tb_frame.f_code):
        entry = entry.tb_next
    if entry is not full:
        set_traceback(error, entry)
    if entry is not None and id(entry.tb_frame.f_code) not in _twins:
        _strip_behind(entry)
    return entry  # type: ignore[no-any-return]


def _strip_behind(entry: TracebackType) -> None:
    """Take out our entries behind one of a native function, which called back."""
    while True:
        behind = first_shown(entry.tb_next)
        if behind is not entry.tb_next:
            entry.tb_next = behind
        if behind is None or id(behind.tb_frame.f_code) in _twins:
            return
        entry = behind


def strip_handled() -> None:
    """Strip the traceback of what the host is handling: for code that re-raises it.

        try: ...
        except BaseException:
            strip_handled()
            raise

    That leaves no trace of the function for native callers: a bare `raise` adds none.
    """
    error = sys_exception()
    if error is not None:
        strip(error)


def is_twin(host_frame: FrameType) -> bool:
    """Say if a frame of the host stands for a VM frame."""
    return id(host_frame.f_code) in _twins
