"""type, getattr and their kin: the program sees the model, not its classes."""

from __future__ import annotations

import builtins
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_LOCALS_PROXY
from frametools.vm._builtins import (
    TypeError,
    id,
    len,
    str,
    type,
)
from frametools.vm.calling import lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_object import MODEL_TYPES, FrameObject
from frametools.vm.special_names import GETTERS, SETTERS
from frametools.vm.tracebacks import twin_of

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame


@lookaside(builtins.type)
def answer_type(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """type(x): `types.FrameType` of a frame, `types.GeneratorType` of a generator.

    With three arguments the host makes a class.
    """
    if len(args) != 1 or kwargs:
        return NULL
    found = type(args[0])
    return MODEL_TYPES.get(id(found), found)


@lookaside(builtins.getattr)
def answer_getattr(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """getattr(x, name), of the names in attributes.py."""
    if len(args) < 2 or kwargs or type(args[1]) is not str:
        return NULL
    getter = GETTERS.get(args[1])
    return NULL if getter is None else getter(frame, args[0])


@lookaside(builtins.hasattr)
def answer_hasattr(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """hasattr(x, name), of the names in attributes.py."""
    found = answer_getattr(frame, args, kwargs)
    return NULL if found is NULL else True


@lookaside(builtins.setattr)
def answer_setattr(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """setattr(x, name, value), of the names in attributes.py."""
    if len(args) != 3 or kwargs or type(args[1]) is not str:
        return NULL
    setter = SETTERS.get(args[1])
    return NULL if setter is None else setter(frame, args[0], args[2])


@lookaside(weakref.ref)
def answer_ref(
    _frame: InterpreterFrame, args: list[Any], _kwargs: dict[str, Any]
) -> Any:
    """weakref.ref(x): refused of a frame."""
    if args and type(args[0]) is FrameObject:
        raise TypeError("cannot create weak reference to 'frame' object")
    return NULL


if HAS_LOCALS_PROXY:
    # Beneath the class that is published, the proxies are ours.
    from frametools.vm.locals_proxy import HOST_PROXY, FrameLocalsProxy

    @lookaside(HOST_PROXY)
    def answer_proxy(
        _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
    ) -> Any:
        """FrameLocalsProxy(frame): the host's cannot read a frame of ours."""
        if len(args) == 1 and type(args[0]) is FrameObject and not kwargs:
            return FrameLocalsProxy(args[0])
        return NULL


@lookaside(TracebackType)
def answer_traceback(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """types.TracebackType(next, frame, lasti, lineno): with the frame's twin."""
    if len(args) < 2 or type(args[1]) is not FrameObject:
        seen = kwargs.get("tb_frame")
        if type(seen) is not FrameObject:
            return NULL
        return TracebackType(*args, **{**kwargs, "tb_frame": _twin(seen)})
    return TracebackType(args[0], _twin(args[1]), *args[2:], **kwargs)


def _twin(frame: FrameObject) -> Any:
    return twin_of(frame.f_frame)
