"""The functions that are meant: those of a class, a property, a module.

A function that decorators have wrapped (`__wrapped__`) is the innermost one: the code
of a wrapper is shared by all that it wraps.
"""

from __future__ import annotations

import sys
from functools import cached_property, partial, partialmethod
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Wrap = Callable[[Any], Any]

_ONE_FUNCTION = (staticmethod, classmethod, MethodType)


def is_container(target: object) -> bool:
    """Tell if a target has functions as its members: a class or a module."""
    return isinstance(target, (type, ModuleType))


def functions_of(target: Any) -> Iterator[FunctionType]:
    """Yield the functions of a target; none if it has no code that can be told."""
    if is_container(target):
        for _, member in members(target):
            yield from functions_of(member)
    elif isinstance(target, FunctionType):
        yield _innermost(target)
    else:
        for part in _parts(target):
            yield from functions_of(part)


def members(owner: Any) -> Iterator[tuple[str, Any]]:
    """Yield name and value of what a class or a module defines itself."""
    for name, value in list(vars(owner).items()):
        if isinstance(owner, ModuleType):
            if getattr(value, "__module__", None) == owner.__name__:
                yield name, value
        elif not isinstance(value, type):
            yield name, value
        elif value.__qualname__.startswith(f"{owner.__qualname__}."):
            yield name, value  # a nested class, not one that is only referred to


def _innermost(function: FunctionType) -> FunctionType:
    seen = [function]
    while isinstance(inner := getattr(seen[-1], "__wrapped__", None), FunctionType):
        if inner in seen:
            break
        seen.append(inner)
    return seen[-1]


def _parts(target: Any) -> list[Any]:
    """Return what a descriptor or partial calls."""
    if isinstance(target, _ONE_FUNCTION):
        return [target.__func__]
    if isinstance(target, property):
        return [target.fget, target.fset, target.fdel]
    if isinstance(target, (cached_property, partial, partialmethod)):
        return [target.func]
    return []


def replaced(target: Any, wrap: Wrap) -> Any:
    """Return what stands for a target once its functions are wrapped; None if none."""
    if isinstance(target, FunctionType):
        return wrap(target)
    if is_container(target) or not any(True for _ in functions_of(target)):
        return None
    for kind, again in _AGAIN:
        if isinstance(target, kind):
            parts = [part and (replaced(part, wrap) or part) for part in _parts(target)]
            return again(target, *parts)
    raise AssertionError(target)


def _cached_property_again(target: Any, function: Any) -> Any:
    """Make a cached property anew; the class will not tell it its name again."""
    new = cached_property(function)
    new.attrname = target.attrname
    return new


_AGAIN: tuple[tuple[Any, Callable[..., Any]], ...] = (
    ((staticmethod, classmethod), lambda target, function: type(target)(function)),
    (MethodType, lambda target, function: MethodType(function, target.__self__)),
    (
        property,
        lambda target, get, put, delete: property(get, put, delete, target.__doc__),
    ),
    (cached_property, _cached_property_again),
    (
        (partial, partialmethod),
        lambda target, function: type(target)(
            function, *target.args, **target.keywords
        ),
    ),
)
"""How each descriptor is made anew of wrapped functions."""


def place_of(function: FunctionType) -> tuple[Any, str] | None:
    """Return the class or module that has a function, and the name it has there."""
    owner: Any = sys.modules.get(function.__module__)
    *path, name = function.__qualname__.split(".")
    for step in path:
        owner = getattr(owner, step, None)
    if not is_container(owner) or function not in functions_of(vars(owner).get(name)):
        return None
    return owner, name
