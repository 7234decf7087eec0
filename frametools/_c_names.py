"""The names that functions and types written in C are known by."""

from __future__ import annotations

from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    MethodDescriptorType,
    ModuleType,
)

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8


def qualname(function: object) -> str:
    """Name a C function: `builtins.len`, `list.append`; "" if it is none."""
    if isinstance(function, BuiltinFunctionType):
        owner = function.__self__
        if owner is None:
            return function.__name__
        if isinstance(owner, ModuleType):
            return f"{owner.__name__}.{function.__name__}"
        return f"{_definer(owner, function)}.{function.__name__}"
    if type(function) is MethodDescriptorType:
        return f"{_name_in_c(function.__objclass__)}.{function.__name__}"
    return ""


def _definer(owner: object, function: BuiltinFunctionType) -> str:
    """Name the type that defines a method: `append` of a list's subclass is list's.

    A class has its own methods, as `dict.fromkeys`, and those of its metaclass.
    """
    kinds = (owner, type(owner)) if isinstance(owner, type) else (type(owner),)
    for kind in kinds:
        for base in type.__dict__["__mro__"].__get__(kind):
            found = type.__dict__["__dict__"].__get__(base).get(function.__name__)
            if id(type(found)) in _METHODS and _bind(found, owner, kind) == function:
                return _name_in_c(base)
    return type_name(kinds[0])


_METHODS = frozenset((id(MethodDescriptorType), id(ClassMethodDescriptorType)))


def _bind(found: Any, owner: object, kind: type) -> object:
    """Bind a method of C; None if `owner` is not of the type that it is a method of."""
    try:
        return found.__get__(owner, kind)
    except TypeError:
        return None


def type_name(kind: type) -> str:
    """Give a type's name as C knows it (tp_name): with the module, if it is C's."""
    flags = kind.__flags__
    is_python = flags & _HEAP_TYPE and not flags & _IMMUTABLE_TYPE
    return kind.__name__ if is_python else _name_in_c(kind)


def _name_in_c(kind: type) -> str:
    """Give that of a type that is known to be C's: `_random.Random` does not say so."""
    module = kind.__module__
    return kind.__name__ if module == "builtins" else f"{module}.{kind.__name__}"
