"""warnings.warn, whose stacklevel counts the program's frames."""

from __future__ import annotations

import _warnings
import sys
from types import BuiltinFunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from frametools._python import WARN_SKIPS_FILES, WARNING_WITHOUT_FRAME
from frametools.vm._builtins import (
    UserWarning,
    Warning,
    all,
    bool,
    dict,
    id,
    int,
    isinstance,
    issubclass,
    len,
    str,
    tuple,
    type,
    zip,
)
from frametools.vm.calling import LOOKASIDES, lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_object import first_complete, line_number, of
from frametools.vm.special_names import GETTERS

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_warn_explicit: Any = _warnings.warn_explicit
_NAMES = ("message", "category", "stacklevel", "source")


@lookaside(_warnings.warn)
def answer_warn(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """warnings.warn(): about a line of a VM frame, whose globals keep the registry."""
    if len(args) > len(_NAMES):
        return NULL
    bound = {**dict(zip(_NAMES, args, strict=False)), **kwargs}
    level, skipped = bound.get("stacklevel", 1), bound.get("skip_file_prefixes", ())
    if type(level) is not int or not _is_right(bound, args, kwargs):
        return NULL
    if skipped and level < 2:
        level = 2
    message, category = bound["message"], bound.get("category")
    if isinstance(message, Warning):
        category = message.__class__
    elif category is None:
        category = UserWarning
    frame.thread.tell_host()
    where = _context(frame, level, skipped)
    _warn_explicit(message, category, *where, None, bound.get("source"))
    return None


def _renew(_frame: InterpreterFrame, module: Any) -> Any:
    """Answer for the `warn` of a `_warnings` that was imported anew as well."""
    if type(module) is ModuleType:
        warn = module.__dict__.get("warn")
        is_builtin = type(warn) is BuiltinFunctionType
        if is_builtin and warn.__module__ == "_warnings" and id(warn) not in LOOKASIDES:
            lookaside(warn)(answer_warn)
    return NULL


GETTERS["warn"] = _renew


def _is_right(bound: dict[str, Any], args: Any, kwargs: dict[str, Any]) -> bool:
    """Say if the host would have no objections: it words them itself."""
    skipped = bound.get("skip_file_prefixes", ())
    category = bound.get("category")
    known = {*_NAMES, "skip_file_prefixes"} if WARN_SKIPS_FILES else {*_NAMES}
    return (
        len(bound) == len(args) + len(kwargs)
        and "message" in bound
        and bound.keys() <= known
        and type(skipped) is tuple
        and all(isinstance(prefix, str) for prefix in skipped)
        and (
            category is None
            or (isinstance(category, type) and issubclass(category, Warning))
        )
    )


def _context(
    frame: InterpreterFrame, level: int, skipped: tuple[str, ...]
) -> tuple[Any, ...]:
    """Return file, line, module and registry: `setup_context` in Python/_warnings.c.

    It asks for the frame objects of all that it comes by.
    """
    of(frame)
    found: InterpreterFrame | None = frame
    inside = _is_internal(frame)
    while level > 1 and found is not None:
        found = _back(found)
        while not inside and found is not None and _is_skipped(found, skipped):
            found = _back(found)
        level -= 1
    if found is None:
        names = sys.__dict__
        filename, line = WARNING_WITHOUT_FRAME
    else:
        names, filename = found.f_globals, found.code.co.co_filename
        line = line_number(found) or 0
    registry = names.setdefault("__warningregistry__", {})
    module = names.get("__name__")
    if module is not None and not isinstance(module, str):
        module = "<string>"
    return filename, line, "<string>" if module is None else module, registry


def _back(frame: InterpreterFrame) -> InterpreterFrame | None:
    """Return the frame behind, which gets a frame object: `PyFrame_GetBack`."""
    back = first_complete(frame.previous)
    if back is not None:
        of(back)
    return back


def _is_internal(frame: InterpreterFrame) -> bool:
    filename = frame.code.co.co_filename
    return "importlib" in filename and "_bootstrap" in filename


def _is_skipped(frame: InterpreterFrame, skipped: tuple[str, ...]) -> bool:
    filename = frame.code.co.co_filename
    return _is_internal(frame) or (bool(skipped) and filename.startswith(skipped))
