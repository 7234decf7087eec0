"""The C API of frames, under its own names, for frames of the VM.

As Include/cpython/pyframe.h and Doc/c-api/frame.rst say. Each takes an
`InterpreterFrame` or a frame object; where C returns NULL and sets an exception, these
raise it; where C returns NULL for "none", these return None.
"""

# ruff: noqa: N802 -- the names are those of C.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.vm import frame_locals, frame_object
from frametools.vm._builtins import NameError, TypeError, isinstance, str, type
from frametools.vm.frame import NULL, InterpreterFrame

if TYPE_CHECKING:
    from types import CodeType

    from frametools.vm.frame_object import FrameObject

    AnyFrame = InterpreterFrame | FrameObject

__all__ = [
    "PyFrame_GetBack",
    "PyFrame_GetBuiltins",
    "PyFrame_GetCode",
    "PyFrame_GetGenerator",
    "PyFrame_GetGlobals",
    "PyFrame_GetLasti",
    "PyFrame_GetLineNumber",
    "PyFrame_GetLocals",
    "PyFrame_GetVar",
    "PyFrame_GetVarString",
]


def _interpreter_frame(frame: AnyFrame) -> InterpreterFrame:
    if isinstance(frame, InterpreterFrame):
        return frame
    if type(frame) is frame_object.FrameObject:
        return frame.f_frame
    raise TypeError(f"a frame of the VM is needed, not {type(frame).__name__}")


def PyFrame_GetCode(frame: AnyFrame) -> CodeType:
    """Return the code object that the frame runs."""
    return _interpreter_frame(frame).code.co


def PyFrame_GetBack(frame: AnyFrame) -> FrameObject | None:
    """Return the frame that called, made visible; None of the outermost one."""
    back = frame_object.get_back(_interpreter_frame(frame))
    return None if back is None else frame_object.of(back)


def PyFrame_GetLineNumber(frame: AnyFrame) -> int:
    """Return the line that the frame is executing; -1 if the instruction has none."""
    line = frame_object.line_number(_interpreter_frame(frame))
    return -1 if line is None else line


def PyFrame_GetLasti(frame: AnyFrame) -> int:
    """Return the offset of the last instruction in bytes; -1 before the first."""
    return frame_object.lasti(_interpreter_frame(frame))


def PyFrame_GetLocals(frame: AnyFrame) -> Any:
    """Return `f_locals`: a dict until 3.12, then a FrameLocalsProxy of functions."""
    return frame_locals.get_locals(_interpreter_frame(frame))


def PyFrame_GetGlobals(frame: AnyFrame) -> dict[str, Any]:
    """Return the global names."""
    return _interpreter_frame(frame).f_globals


def PyFrame_GetBuiltins(frame: AnyFrame) -> Any:
    """Return the builtin names."""
    return _interpreter_frame(frame).f_builtins


def PyFrame_GetGenerator(frame: AnyFrame) -> Any:
    """Return the generator (or coroutine ...) that owns the frame, or None."""
    return frame_object.get_generator(_interpreter_frame(frame))


def PyFrame_GetVar(frame: AnyFrame, name: str) -> Any:
    """Return the value of a variable, of a cell its contents (in C from 3.12).

    Raises NameError if it is unbound, or is none of this frame.
    """
    if not isinstance(name, str):
        raise TypeError("name must be str, not " + type(name).__name__)
    found = _interpreter_frame(frame)
    for _at, known, value in frame_locals.variables(found):
        if known == name:
            if value is NULL:
                break
            return value
    raise NameError(f"variable {name!r} does not exist")


def PyFrame_GetVarString(frame: AnyFrame, name: bytes) -> Any:
    """Return the value of a variable whose name is given in UTF-8."""
    return PyFrame_GetVar(frame, name.decode())
