"""The functions that are meant: those of a class, a property, a module.

A function that decorators have wrapped (`__wrapped__`) is the innermost one: the code
of a wrapper is shared by all that it wraps.
"""

from __future__ import annotations

import sys
from functools import (
    cached_property,
    lru_cache,
    partial,
    partialmethod,
    singledispatch,
    singledispatchmethod,
)
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
            for function in functions_of_member(member):
                if is_container(member) or _defines(target, function):
                    yield function
    elif (dispatch := dispatch_of(target)) is not None:
        for each in dispatch.registry.values():
            yield from functions_of(each)
    elif is_function(target):
        yield innermost(target)
    else:
        for part in _parts(target):
            yield from functions_of(part)


def _defines(owner: Any, function: FunctionType) -> bool:
    """Tell if the body of a class or module has made a function, and nobody else.

    What dataclasses, enums, named tuples put into a class has the code of all others.
    """
    if isinstance(owner, ModuleType):
        return function.__module__ == owner.__name__
    is_named = function.__qualname__.startswith(f"{owner.__qualname__}.")
    return is_named and function.__module__ == owner.__module__


def functions_of_member(member: Any) -> Iterator[FunctionType]:
    """Yield those of what a class has; of a cache, what it calls."""
    yield from functions_of(member.__wrapped__ if is_cached(member) else member)


def is_cached(member: Any) -> bool:
    """Tell if a member is a function with a cache, which is C."""
    return type(member) is _Cached


_Cached = type(lru_cache(lambda: None))


def dispatch_of(target: Any) -> Any:
    """Return the `singledispatch` function that a target is or has; None if none.

    Its code only looks for the implementation, and is that of all of them.
    """
    if isinstance(target, singledispatchmethod):
        return target.dispatcher
    is_one = type(target) is FunctionType and target.__code__ is _DISPATCH
    return target if is_one else None


_DISPATCH = singledispatch(lambda _: None).__code__  # type: ignore[attr-defined]


def is_function(target: Any) -> bool:
    """Tell if something is a function, or a wrapt proxy of one; mocks claim to be."""
    if type(target) is FunctionType:
        return True
    return isinstance(target, FunctionType) and hasattr(type(target), "__wrapped__")


def members(owner: Any) -> Iterator[tuple[str, Any]]:
    """Yield name and value of what a class or a module defines itself."""
    for name, value in list(vars(owner).items()):
        try:
            is_own = _is_own(owner, value)
        except Exception:  # a proxy that has nothing to stand for yet
            continue
        if is_own:
            yield name, value


def _is_own(owner: Any, value: Any) -> bool:
    if isinstance(owner, ModuleType):
        return bool(getattr(value, "__module__", None) == owner.__name__)
    if not isinstance(value, type):
        return True
    # A nested class, not one that is only referred to.
    return value.__qualname__.startswith(f"{owner.__qualname__}.")


def innermost(function: FunctionType) -> FunctionType:
    """Return what decorators have wrapped, by `__wrapped__`."""
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


def is_defined_in(owner: Any, member: Any) -> bool:
    """Tell if a member has functions, all made by the body of a class or module."""
    found = list(functions_of_member(member))
    return bool(found) and all(_defines(owner, function) for function in found)


def replaced_member(member: Any, wrap: Wrap) -> Any:
    """Return what stands for a member, as `replaced`; a cache begins anew."""
    if not is_cached(member):
        return replaced(member, wrap)
    again = lru_cache(**member.cache_parameters())
    return again(replaced(member.__wrapped__, wrap))


def replaced(target: Any, wrap: Wrap) -> Any:
    """Return what stands for a target once its functions are wrapped; None if none.

    A `singledispatch` function stays itself, and has wrapped implementations.
    """
    if (dispatch := dispatch_of(target)) is not None:
        for cls, each in list(dispatch.registry.items()):
            if (new := replaced(each, wrap)) is not None:
                dispatch.register(cls, new)
        return target
    if is_function(target):
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
