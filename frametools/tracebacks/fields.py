"""What an exception holds, read and set without asking its class.

A class may define `__getattribute__`, `__setattr__`, `__class__`, a property of any
name, and so may its metaclass: a frozen dataclass refuses to have `__traceback__` set.
The descriptors of BaseException and `type` are asked instead, which are C.
"""

from __future__ import annotations

from typing import Any

from frametools._safe_repr import safe_repr
from frametools._safe_repr.classes import name_of

_FIELDS: Any = BaseException.__dict__

cause = _FIELDS["__cause__"].__get__
set_cause = _FIELDS["__cause__"].__set__
context = _FIELDS["__context__"].__get__
is_suppressed = _FIELDS["__suppress_context__"].__get__
traceback_of = _FIELDS["__traceback__"].__get__
set_traceback = _FIELDS["__traceback__"].__set__
args_of = _FIELDS["args"].__get__
attributes = _FIELDS["__dict__"].__get__
"""The instance's own."""
members: Any = BaseExceptionGroup.__dict__["exceptions"].__get__

module_of: Any = type.__dict__["__module__"].__get__


def checked(exc: Any, who: str) -> BaseException:
    """Give what was given as an exception; a TypeError if it is none."""
    kind = type(exc)
    if issubclass(kind, BaseException):
        return exc  # type: ignore[no-any-return]
    given = f"{safe_repr(exc, 40)} of type {name_of(kind)}"
    if exc is None:
        given = "None"
    elif issubclass(kind, type):
        given = f"the class {name_of(exc)}"
    raise TypeError(f"tracebacks.{who} takes an exception, not {given}")
