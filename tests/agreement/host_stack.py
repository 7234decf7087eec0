"""The frames of this thread's stack, read where they lie: none is made an object.

`sys._getframe()` and whatever else shows a frame makes its frame object. Here only
memory is read, from the thread state on; `why_not` first makes sure that everything is
where it is expected.
"""

from __future__ import annotations

import ctypes
import sys
from _ctypes import PyObj_FromPtr
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

import host_frames
from host_frames import OFFSETS, WORD, word

if TYPE_CHECKING:
    from types import GeneratorType

FRAME_OBJ = 40 if sys.version_info < (3, 12) else 48
PREVIOUS = 48 if sys.version_info < (3, 12) else 8
CFRAME = 56
"""Offset of `PyThreadState.cframe`, until 3.12."""
CURRENT_FRAME = 8 if sys.version_info < (3, 12) else 0
"""Offset of `_PyCFrame.current_frame`."""
INTERPRETER = 3
"""The owner of the frame below an entry; CSTACK until 3.13."""

_state = ctypes.pythonapi.PyThreadState_Get
_state.restype = ctypes.c_void_p
_pointer: Any = ctypes.c_void_p


class Seen(NamedTuple):
    """A frame, and whether it has a frame object."""

    code: CodeType
    has_object: bool


def stack(limit: int) -> list[Seen]:
    """Return the frames that called this, from the innermost on, without shims."""
    field = _state() + _offset_of_current_frame()
    # Not by a call: the frame of that one would be the current one.
    if sys.version_info < (3, 13):
        field = _pointer.from_address(field).value + CURRENT_FRAME
    address = word(_pointer.from_address(field).value + PREVIOUS)
    seen = []
    while address and len(seen) < limit:
        if ctypes.c_byte.from_address(address + OFFSETS.owner).value < INTERPRETER:
            seen.append(_seen(address))
        address = word(address + PREVIOUS)
    return seen


def of_generator(generator: Any) -> Seen:
    """Look at the frame of a suspended generator, coroutine or async generator."""
    return _seen(id(generator) + type(generator).__basicsize__ - OFFSETS.localsplus)


def _seen(address: int) -> Seen:
    code = PyObj_FromPtr(word(address + OFFSETS.f_executable) & ~OFFSETS.tag)
    return Seen(code, word(address + FRAME_OBJ) != 0)


@cache
def _offset_of_current_frame() -> int:
    """Return where a thread state has its current frame: 0 if that is not found."""
    if sys.version_info < (3, 13):
        return CFRAME
    state, own = _state(), word(id(sys._getframe()) + host_frames.F_FRAME)
    for offset in range(3 * WORD, 20 * WORD, WORD):
        if _pointer.from_address(state + offset).value == own:
            return offset
    return 0


@cache
def why_not() -> str | None:
    """Say why frames of this interpreter cannot be read; None if they can."""
    reason = host_frames.why_not()
    if reason is not None:
        return reason
    if not _offset_of_current_frame():
        return "the current frame is not where it is expected"
    return _checked()


def _checked() -> str | None:
    """Look at frames before and after they have an object."""
    own = _checked.__code__
    before = [each.has_object for each in stack(9) if each.code is own]
    sys._getframe()
    after = [each.has_object for each in stack(9) if each.code is own]
    generator: GeneratorType[int, None, None] = (each for each in (1, 2))
    suspended = [of_generator(generator).has_object]
    made = generator.gi_frame
    suspended.append(of_generator(generator).has_object)
    del made
    if (before, after, suspended) != ([False], [True], [False, True]):
        return "frame objects are not where they are expected"
    return None
