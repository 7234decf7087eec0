"""locals(), vars(), dir() and globals() of a VM frame."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import TypeError, isinstance, list, sorted, type
from frametools.vm.calling import lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_locals import frame_locals

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame


@lookaside(builtins.locals)
def answer_locals(frame: InterpreterFrame, args: list[Any], kwargs: Any) -> Any:
    """locals(): a snapshot or the namespace; see frame_locals.py."""
    return NULL if args or kwargs else frame_locals(frame)


@lookaside(builtins.vars)
def answer_vars(frame: InterpreterFrame, args: list[Any], kwargs: Any) -> Any:
    """vars() is locals(); vars(object) is the host's."""
    return NULL if args or kwargs else frame_locals(frame)


@lookaside(builtins.dir)
def answer_dir(frame: InterpreterFrame, args: list[Any], kwargs: Any) -> Any:
    """dir(): the names of locals(), sorted, as `_dir_locals`."""
    if args or kwargs:
        return NULL
    names = frame_locals(frame).keys()
    if not isinstance(names, list):
        try:
            names = list(names)
        except TypeError:
            raise TypeError(
                "dir(): expected keys() of locals to be a list, "
                f"not '{type(names).__name__}'"
            ) from None
    return sorted(names)


@lookaside(builtins.globals)
def answer_globals(frame: InterpreterFrame, args: list[Any], kwargs: Any) -> Any:
    """globals() of the frame that calls."""
    return NULL if args or kwargs else frame.f_globals
