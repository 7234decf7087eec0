"""eval, exec and compile, and functions made from code objects."""

from __future__ import annotations
import __future__ as futures

import builtins
import sys
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from frametools._python import COMPILE_TAKES_MODULE, EVAL_HAS_KEYWORDS
from frametools.vm._builtins import (
    all,
    bytearray,
    bytes,
    compile,
    dict,
    getattr,
    hasattr,
    int,
    isinstance,
    len,
    list,
    memoryview,
    str,
    tuple,
    type,
    zip,
)
from frametools.vm.attributes import code_behind
from frametools.vm.calling import lookaside
from frametools.vm.entry import trampoline
from frametools.vm.frame import NULL
from frametools.vm.frame_locals import frame_locals
from frametools.vm.nested import run_code

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_audit = sys.audit

FUTURES = 0
for _name in futures.all_feature_names:
    FUTURES |= getattr(futures, _name).compiler_flag
FUTURES &= ~0x10
"""Flags of code that `compile` inherits: PyCF_MASK (CO_NESTED is none of them)."""


def inherited(frame: InterpreterFrame) -> int:
    """Return the flags that code compiled here inherits: PyEval_MergeCompilerFlags."""
    return frame.code.co.co_flags & FUTURES


def _arguments(
    args: list[Any], kwargs: dict[str, Any], names: tuple[str, ...]
) -> dict[str, Any] | None:
    """Bind arguments by name; None if they do not fit: the host says so."""
    if len(args) > len(names):
        return None
    bound = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name in bound or name not in names:
            return None
        bound[name] = value
    return bound


def _namespaces(
    frame: InterpreterFrame, bound: dict[str, Any]
) -> tuple[dict[str, Any], Any] | None:
    """Return globals and locals, as eval and exec choose them; None if they refuse."""
    global_names, local_names = bound.get("globals"), bound.get("locals")
    if local_names is not None and not hasattr(type(local_names), "__getitem__"):
        return None
    if global_names is None:
        global_names = frame.f_globals
        if local_names is None:
            local_names = frame_locals(frame)
    elif not isinstance(global_names, dict):
        return None
    elif local_names is None:
        local_names = global_names
    if "__builtins__" not in global_names:
        global_names["__builtins__"] = frame.f_builtins
    return global_names, local_names


def _bind(args: list[Any], kwargs: dict[str, Any], *more: str) -> dict[str, Any] | None:
    if kwargs and not EVAL_HAS_KEYWORDS and not kwargs.keys() <= {*more}:
        return None
    bound = _arguments(args, kwargs, ("source", "globals", "locals", *more))
    if bound is None or "source" in kwargs or "source" not in bound or len(args) > 3:
        return None
    return bound


def _compiled(
    frame: InterpreterFrame, source: Any, mode: str, global_names: dict[str, Any]
) -> CodeType:
    """Compile what is given to eval or exec as text."""
    flags = inherited(frame)
    name = global_names.get("__name__") if COMPILE_TAKES_MODULE else None
    more: dict[str, Any] = {"module": name} if isinstance(name, str) else {}
    code: CodeType = compile(source, "<string>", mode, flags, True, **more)
    return code


@lookaside(builtins.eval)
def answer_eval(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """eval(): the code runs in the VM, in a frame above that of the call."""
    bound = _bind(args, kwargs)
    namespaces = None if bound is None else _namespaces(frame, bound)
    if bound is None or namespaces is None:
        return NULL
    source = bound["source"]
    if isinstance(source, CodeType):
        if source.co_freevars:
            return NULL
        _audit("exec", source)
    elif isinstance(source, (str, bytes, bytearray, memoryview)):
        if not isinstance(source, memoryview):
            blanks = " \t" if isinstance(source, str) else b" \t"
            source = source.lstrip(blanks)  # type: ignore[arg-type]
        source = _compiled(frame, source, "eval", namespaces[0])
    else:
        return NULL
    return run_code(frame, frame.thread.vm.code(source), *namespaces)


@lookaside(builtins.exec)
def answer_exec(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """exec(): the code runs in the VM, in a frame above that of the call."""
    bound = _bind(args, kwargs, "closure")
    namespaces = None if bound is None else _namespaces(frame, bound)
    if bound is None or namespaces is None:
        return NULL
    source, closure = bound["source"], bound.get("closure")
    if isinstance(source, CodeType):
        if not _is_closure_of(source, closure):
            return NULL
        _audit("exec", source)
    elif closure is None and isinstance(source, (str, bytes, bytearray, memoryview)):
        source = _compiled(frame, source, "exec", namespaces[0])
    else:
        return NULL
    run_code(frame, frame.thread.vm.code(source), *namespaces, closure)
    return None


def _is_closure_of(co: CodeType, closure: Any) -> bool:
    if not co.co_freevars:
        return closure is None
    return (
        type(closure) is tuple
        and len(closure) == len(co.co_freevars)
        and all(type(cell) is CellType for cell in closure)
    )


_COMPILE = ("source", "filename", "mode", "flags", "dont_inherit", "optimize")


@lookaside(builtins.compile)
def answer_compile(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """compile(): it inherits the future statements of the code that calls."""
    flags = inherited(frame)
    if not flags:
        return NULL
    bound = _arguments(args, kwargs, (*_COMPILE, "_feature_version"))
    if bound is None or len(args) > len(_COMPILE) or bound.get("dont_inherit"):
        return NULL
    asked = bound.get("flags", 0)
    if not isinstance(asked, int):
        return NULL
    bound["flags"], bound["dont_inherit"] = asked | flags, True
    return compile(**bound)


@lookaside(FunctionType)
def answer_function(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """types.FunctionType(code, ...): a function that the VM runs."""
    co = args[0] if args else kwargs.get("code")
    if type(co) is not CodeType or code_behind(co) is not None:
        return NULL
    stands_in = trampoline(frame.thread.vm.code(co))
    if args:
        args = [stands_in, *args[1:]]
    else:
        kwargs = {**kwargs, "code": stands_in}
    names = args[1] if len(args) > 1 else kwargs.get("globals")
    if type(names) is not dict or "__builtins__" in names:
        return FunctionType(*args, **kwargs)
    # The builtins are then those of the caller, and to the host that is us.
    names["__builtins__"] = frame.f_builtins
    try:
        return FunctionType(*args, **kwargs)
    finally:
        del names["__builtins__"]
