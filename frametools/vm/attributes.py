"""Attributes that would show the host instead of the model, by name.

LOAD_ATTR and its kin look a name up here when the instruction is prepared, and
`getattr`, `setattr` and `hasattr` when they are called. A getter returns
NULL for an object that has nothing to hide: then the host answers.
"""

from __future__ import annotations

from types import CodeType, FrameType, FunctionType, MethodType, TracebackType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    getattr,
    id,
    type,
)
from frametools.vm.calling import HIDDEN
from frametools.vm.code import Code
from frametools.vm.entry import trampoline
from frametools.vm.frame import NULL
from frametools.vm.frame_object import of_twin
from frametools.vm.special_names import GETTERS, SETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.frame import InterpreterFrame as Frame

    Getter = Callable[[Frame, Any], Any]


def code_behind(co: CodeType) -> Code | None:
    """Return what a trampoline stands for, None if `co` is none."""
    if id(co) in HIDDEN:
        for const in co.co_consts:
            if type(const) is Code:
                return const
    return None


def get_code(_frame: Frame, obj: Any) -> Any:
    """`function.__code__`: the original code, not the trampoline."""
    if type(obj) is MethodType:
        obj = obj.__func__
    if type(obj) is FunctionType:
        code = code_behind(obj.__code__)
        if code is not None:
            return code.co
    return NULL


def get_tb_frame(_frame: Frame, obj: Any) -> Any:
    """`traceback.tb_frame`: the frame, not its twin of the host."""
    if type(obj) is TracebackType:
        found = of_twin(obj.tb_frame)
        if found is not None:
            return found
    return NULL


def _of_twin(name: str) -> Getter:
    def get(_frame: Frame, obj: Any) -> Any:
        if type(obj) is FrameType:
            found = of_twin(obj)
            if found is not None:
                return getattr(found, name)
        return NULL

    get.__doc__ = f"`frame.{name}` of a twin that a program got hold of natively."
    return get


GETTERS["__code__"] = get_code
GETTERS["tb_frame"] = get_tb_frame
for _name in ("f_back", "f_code", "f_locals"):
    GETTERS[_name] = _of_twin(_name)


def set_code(frame: Frame, obj: Any, value: Any) -> Any:
    """`function.__code__ = code`: a function of the VM's goes on to run in it."""
    if type(obj) is not FunctionType or type(value) is not CodeType:
        return NULL
    before = code_behind(obj.__code__)
    if before is None or code_behind(value) is not None:
        return NULL
    obj.__code__ = trampoline(frame.thread.vm.code(value))
    return None


SETTERS["__code__"] = set_code
