"""What a class is asked for, and what its objects have, without code of theirs.

A metaclass may define `__getattribute__`: it is not called, as `repr` does not either.
"""

from __future__ import annotations

from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import MappingProxyType

mro: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
class_dict: Callable[[type], MappingProxyType[str, Any]] = type.__dict__[
    "__dict__"
].__get__
qualname: Callable[[type], str] = type.__dict__["__qualname__"].__get__
_SPACE: Any = SimpleNamespace.__dict__["__dict__"].__get__
MISSING: Any = object()


def of_class(cls: type, name: str, otherwise: Any = MISSING) -> Any:
    """Give what a class or one of its bases has by a name, as it is; or `otherwise`.

    It is `_PyType_Lookup` in Python; O(bases). Some classes of C are never made ready,
    and have nothing: that of `code.co_lines()` on 3.11.
    """
    for base in mro(cls) or ():
        names = class_dict(base)
        if name in names:
            return names[name]
    return otherwise


def in_class(cls: type, name: str) -> Any:
    """Find what a class or one of its bases has under a name; O(bases)."""
    if type(cls) is type:
        return getattr(cls, name)
    found = of_class(cls, name)
    if found is MISSING:
        raise AttributeError(name)
    return found


def name_of(cls: type) -> str:
    """Name a class without asking its metaclass."""
    return str(qualname(cls))


_UNITS: dict[Any, str] = dict.fromkeys((list, tuple, dict, set, frozenset), "items")
_UNITS |= {str: "characters", bytes: "bytes", bytearray: "bytes"}


def size_note(obj: object) -> str:
    """Say how many items a container of a built-in type has; else nothing."""
    for kind, unit in _UNITS.items():
        if issubclass(type(obj), kind):
            return f"({kind.__len__(obj):,} {unit})"
    return ""


NOT_SET = object()
"""The value of a field that the object does not have (yet)."""


def fields_of(obj: Any, method: object) -> list[tuple[str, object]] | None:
    """Give the fields of what shows itself as `Name(field=value)`, by its `__repr__`.

    Of dataclasses and named tuples only with the `__repr__` that was made for them:
    one of their own that is wrapped (`functools.wraps`) may hide some.
    """
    if method is SimpleNamespace.__repr__:
        return list(_SPACE(obj).items())
    if type(method) is not FunctionType:
        return None
    if method.__code__.co_qualname == "namedtuple.<locals>.__repr__":
        names = in_class(type(obj), "_fields")
        return list(zip(names, tuple.__iter__(obj), strict=True))
    made = getattr(method, "__wrapped__", None)
    if type(made) is not FunctionType or made.__code__.co_qualname != _MADE:
        return None
    names = made.__code__.co_names  # __class__, __qualname__, the fields it shows
    return [(name, getattr(obj, name, NOT_SET)) for name in names[2:]]


_MADE = "__create_fn__.<locals>.__repr__"
"""What `dataclasses` makes and `recursive_repr` wraps, 3.11 to 3.13."""
