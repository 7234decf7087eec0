"""What the program finds through the garbage collector, and how big it is.

Functions refer to their code, not to what stands in for it; and a NULL in the program's
hands would end its loops.
"""

from __future__ import annotations

import gc
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import bool, id, len, type
from frametools.vm.calling import lookaside
from frametools.vm.code import Code
from frametools.vm.frame import NULL, Owner
from frametools.vm.frame_object import MODEL_TYPES, FrameObject

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_get_referrers, _get_objects = gc.get_referrers, gc.get_objects


@lookaside(gc.get_objects)
def answer_get_objects(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """gc.get_objects(): all but what stands for nothing, and frames not tracked."""
    return [
        thing
        for thing in _get_objects(*args, **kwargs)
        if thing is not NULL and (type(thing) is not FrameObject or _is_over(thing))
    ]


@lookaside(gc.is_tracked)
def answer_is_tracked(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """gc.is_tracked(): a frame object is, once its frame is over (take_ownership)."""
    if kwargs or len(args) != 1 or type(args[0]) is not FrameObject:
        return NULL
    return _is_over(args[0])


def _is_over(frame: FrameObject) -> bool:
    return frame.f_frame.owner is Owner.FRAME_OBJECT


@lookaside(sys.getsizeof)
def answer_getsizeof(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """sys.getsizeof(): of what stands for a type of the host, as much as of that."""
    if kwargs or len(args) != 1 or id(type(args[0])) not in MODEL_TYPES:
        return NULL
    return args[0].__sizeof__() + _HEAD


_HEAD = sys.getsizeof(()) - ().__sizeof__()
"""What the collector needs of each object."""


@lookaside(gc.get_referrers)
def answer_get_referrers(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """gc.get_referrers(): of code objects, the functions of the VM as well."""
    stand_ins = [
        frame.thread.vm.code(co).trampoline for co in args if type(co) is CodeType
    ]
    if kwargs or not stand_ins:
        return NULL
    found = [
        thing
        for thing in _get_referrers(*args)
        if thing is not args and type(thing) is not Code
    ]
    for trampoline in stand_ins:
        if trampoline is not None:
            found += [
                thing
                for thing in _get_referrers(trampoline)
                if type(thing) is FunctionType and thing.__code__ is trampoline
            ]
    return found
