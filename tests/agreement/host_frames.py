"""The host's own `_PyInterpreterFrame`, read where it lies: for tests only.

What is read is memory: `why_not` first makes sure, with frames whose slots are known,
that everything is where it is expected. Nothing is read above the stack pointer; the
versions that do not save it while a callback runs have it from `stack_depths`.
"""

from __future__ import annotations

import ctypes
import sys
from _ctypes import PyObj_FromPtr
from functools import cache
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

import stack_depths

if TYPE_CHECKING:
    from types import CodeType

OWNERS = ("THREAD", "GENERATOR", "FRAME_OBJECT", "CSTACK")
WORD = 8
F_FRAME = 24
"""Offset of PyFrameObject.f_frame."""


class Offsets(NamedTuple):
    """Where the fields of a frame are, in bytes."""

    f_executable: int
    stackpointer: int | None
    """None where it is not saved while a callback runs."""
    owner: int
    localsplus: int
    tag: int
    """Bits of a slot that are no part of the pointer: `_PyStackRef`, 3.14."""


_VERSION = sys.version_info[:2]
OFFSETS = (
    Offsets(32, None, 69, 72, 0)
    if _VERSION == (3, 11)
    else Offsets(0, None, 70, 72, 0)
    if _VERSION <= (3, 13)
    else Offsets(0, 64, 74, 80, 3)
)
INT_TAG = 3
"""The tag of an integer that is no object (`Py_INT_TAG`, 3.14)."""


class Null:
    """What an empty slot is read as."""


class TaggedInt(int):
    """An integer that is in the slot itself."""


class HostFrame(NamedTuple):
    """What was read of a frame."""

    owner: str
    localsplus: list[Any]
    """Named slots and value stack; `Null` for NULL."""


def read(frame: FrameType, offset: int) -> HostFrame:
    """Read the frame that is about to execute the instruction at `offset`."""
    address = word(id(frame) + F_FRAME)
    code = frame.f_code
    base = address + OFFSETS.localsplus
    if OFFSETS.stackpointer is None:
        count = len(names(code)) + stack_depths.depths(code)[offset]
    else:
        count = (word(address + OFFSETS.stackpointer) - base) // WORD
    return HostFrame(_owner(address), [_value(each) for each in _slots(base, count)])


def word(address: int) -> int:
    """Read a pointer."""
    return ctypes.c_void_p.from_address(address).value or 0


def _owner(address: int) -> str:
    return OWNERS[ctypes.c_byte.from_address(address + OFFSETS.owner).value]


def _slots(base: int, count: int) -> list[int]:
    return [each or 0 for each in _array(count).from_address(base)]


@cache
def _array(count: int) -> Any:
    return ctypes.c_void_p * count


def _value(slot: int) -> Any:
    if OFFSETS.tag:
        if slot & OFFSETS.tag == INT_TAG:
            return TaggedInt(ctypes.c_int64(slot).value >> 2)
        slot &= ~OFFSETS.tag
    return PyObj_FromPtr(slot) if slot else Null


def names(code: CodeType) -> tuple[str, ...]:
    """Return the names of localsplus: `co_localsplusnames`."""
    own = tuple(name for name in code.co_cellvars if name not in code.co_varnames)
    return code.co_varnames + own + code.co_freevars


# --- is everything where it is expected? ---


@cache
def why_not() -> str | None:
    """Say why frames of this interpreter cannot be read; None if they can."""
    if sys.implementation.name != "cpython" or ctypes.sizeof(ctypes.c_void_p) != WORD:
        return "only frames of a 64-bit CPython are known"
    if object.__basicsize__ != 2 * WORD:
        return "objects have another header: a free-threaded build"
    found: list[str | None] = []
    _call(found, object(), [])
    for _ in _generator(found, object(), []):
        pass
    return next((each for each in found if each is not None), None)


def _call(found: list[str | None], one: object, two: object) -> None:
    found.append(_checked(sys._getframe(), "THREAD", found, one, two, 0))


def _generator(found: list[str | None], one: object, two: object) -> Any:
    found.append(_checked(sys._getframe(), "GENERATOR", found, one, two, 0))
    yield
    empty = None
    del empty
    found.append(_checked(sys._getframe(), "GENERATOR", found, one, two, 0))


def _checked(frame: FrameType, owner: str, *variables: Any) -> str | None:
    """Compare words only: no pointer is followed that is not known."""
    address, code = word(id(frame) + F_FRAME), frame.f_code
    tag = OFFSETS.tag
    if word(address + OFFSETS.f_executable) & ~tag != id(code):
        return "the code object is not where it is expected"
    if ctypes.c_byte.from_address(address + OFFSETS.owner).value != OWNERS.index(owner):
        return f"the owner of a frame is not {owner}"
    base = address + OFFSETS.localsplus
    slots = [each & ~tag for each in _slots(base, len(names(code)))]
    expected = [id(each) for each in variables[:-1]]
    expected += [0] * (len(names(code)) - len(expected))
    if slots != expected:
        return "the variables are not where they are expected"
    if OFFSETS.stackpointer is not None:
        top = word(address + OFFSETS.stackpointer) - base
        if not len(expected) <= top // WORD <= len(expected) + code.co_stacksize:
            return "the stack pointer is not where it is expected"
    return None
