"""sys._getframe and its kin, and the recursion limit."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from frametools._python import CURRENT_EXCEPTIONS_ARE_VALUES, HAS_GETFRAMEMODULENAME
from frametools.vm._builtins import (
    RecursionError,
    ValueError,
    dict,
    getattr,
    int,
    isinstance,
    len,
    list,
    type,
)
from frametools.vm.calling import lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_object import first_complete, of
from frametools.vm.recursion import make_room
from frametools.vm.special_names import GETTERS

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_audit = sys.audit
_current_frames, _current_exceptions = sys._current_frames, sys._current_exceptions


def _below(frame: InterpreterFrame, depth: int) -> InterpreterFrame | None:
    found = first_complete(frame)
    while depth > 0 and found is not None:
        found = first_complete(found.previous)
        depth -= 1
    return found


def _depth(args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the one argument `depth`, NULL if the host must say what is wrong."""
    if len(args) + len(kwargs) > 1:
        return NULL
    depth = args[0] if args else kwargs.get("depth", 0 if not kwargs else NULL)
    return depth if isinstance(depth, int) else NULL


@lookaside(sys._getframe)
def answer_getframe(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys._getframe(depth=0)."""
    depth: Any = NULL if kwargs else _depth(args, kwargs)
    if depth is NULL:
        return NULL
    found = _below(frame, depth)
    if found is None:
        raise ValueError("call stack is not deep enough")
    made = of(found)
    _audit("sys._getframe", made)
    return made


if HAS_GETFRAMEMODULENAME:

    @lookaside(sys._getframemodulename)
    def answer_getframemodulename(
        frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
    ) -> Any:
        """sys._getframemodulename(depth=0)."""
        depth = _depth(args, kwargs)
        if depth is NULL:
            return NULL
        _audit("sys._getframemodulename", depth)
        found = _below(frame, depth)
        if found is None:
            return None
        if found.f_funcobj is None:
            return found.f_globals.get("__name__")
        return getattr(found.f_funcobj, "__module__", None)


@lookaside(sys._current_frames)
def answer_current_frames(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys._current_frames(): of the threads that the VM knows, its own frames."""
    if args or kwargs:
        return NULL
    frames: dict[int, Any] = dict(_current_frames())
    for ident, thread in list(frame.thread.vm.threads.items()):
        top = first_complete(thread.current_frame)
        if ident in frames and top is not None:
            frames[ident] = of(top)
    return frames


@lookaside(sys._current_exceptions)
def answer_current_exceptions(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys._current_exceptions(): what the threads that the VM knows handle in it."""
    if args or kwargs:
        return NULL
    handled: dict[int, Any] = dict(_current_exceptions())
    for ident, thread in list(frame.thread.vm.threads.items()):
        if ident in handled and thread.current_frame is not None:
            error = thread.handled()
            if CURRENT_EXCEPTIONS_ARE_VALUES:
                handled[ident] = error
            elif error is None:
                handled[ident] = None, None, None
            else:
                handled[ident] = type(error), error, error.__traceback__
    return handled


@lookaside(sys.getrecursionlimit)
def answer_getrecursionlimit(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys.getrecursionlimit(): the VM's own."""
    return NULL if args or kwargs else frame.thread.recursion_limit


@lookaside(sys.setrecursionlimit)
def answer_setrecursionlimit(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys.setrecursionlimit(): of all threads of the VM."""
    if len(args) != 1 or kwargs or not isinstance(args[0], int):
        return NULL
    limit = args[0]
    if not 1 <= limit < 1 << 31:
        return NULL
    if frame.depth >= limit:
        raise RecursionError(
            f"cannot set the recursion limit to {limit} at the recursion depth "
            f"{frame.depth}: the limit is too low"
        )
    vm = frame.thread.vm
    vm.recursion_limit = limit
    make_room(limit)
    for thread in list(vm.threads.values()):
        thread.limit_recursion(limit)
    return None


def _count_depth(_frame: InterpreterFrame, module: Any) -> Any:
    """Answer for `_testinternalcapi.get_recursion_depth`, of CPython's own tests."""
    if type(module) is ModuleType and module.__name__ == "_testinternalcapi":
        builtin = module.__dict__.get("get_recursion_depth")
        if type(builtin) is BuiltinFunctionType:
            lookaside(builtin)(_answer_depth)
    return NULL


def _answer_depth(frame: InterpreterFrame, _args: Any, _kwargs: Any) -> Any:
    return frame.depth


GETTERS["get_recursion_depth"] = _count_depth
