"""What an exception holds, read and set without asking its class.

A class may define `__getattribute__`, `__setattr__`, `__class__`, a property of any
name, and so may its metaclass: a frozen dataclass refuses to have `__traceback__` set.
The descriptors of BaseException and `type` are asked instead, which are C.
"""

from __future__ import annotations

from typing import Any

from frametools._safe_repr import safe_repr

_FIELDS: Any = BaseException.__dict__
_OF_CLASS: Any = type.__dict__

cause = _FIELDS["__cause__"].__get__
set_cause = _FIELDS["__cause__"].__set__
context = _FIELDS["__context__"].__get__
is_suppressed = _FIELDS["__suppress_context__"].__get__
traceback_of = _FIELDS["__traceback__"].__get__
set_traceback = _FIELDS["__traceback__"].__set__
attributes = _FIELDS["__dict__"].__get__
"""The instance's own."""
members: Any = BaseExceptionGroup.__dict__["exceptions"].__get__

qualified_name = _OF_CLASS["__qualname__"].__get__
module_of = _OF_CLASS["__module__"].__get__
_mro = _OF_CLASS["__mro__"].__get__
_class_attributes = _OF_CLASS["__dict__"].__get__

MISSING: Any = object()


def of_class(cls: type, name: str) -> Any:
    """Give what a class or one it comes from has by a name, as it is; or MISSING."""
    for each in _mro(cls):
        found = _class_attributes(each).get(name, MISSING)
        if found is not MISSING:
            return found
    return MISSING


def checked(exc: Any, who: str) -> BaseException:
    """Give what was given as an exception; a TypeError if it is none."""
    kind = type(exc)
    if issubclass(kind, BaseException):
        return exc  # type: ignore[no-any-return]
    given = f"{safe_repr(exc, 40)} of type {qualified_name(kind)}"
    if exc is None:
        given = "None"
    elif issubclass(kind, type):
        given = f"the class {qualified_name(exc)}"
    raise TypeError(f"tracebacks.{who} takes an exception, not {given}")
