"""3.11, and what has no code object: a wrapt proxy around the callable.

It is a frame in each traceback and a level of recursion, as any wrapper is; it looks
like what it wraps, binds as a method does, and pickles by name.
"""

from __future__ import annotations

import sys
from functools import partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from types import FunctionType
from typing import TYPE_CHECKING, Any

import wrapt

from frametools.calls import flow
from frametools.calls.functions import Function
from frametools.calls.stacks import Stack, my_stack
from frametools.calls.stepping import Steps, stepped
from frametools.calls.targets import is_container, members, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.options import Options

_SUSPENDS = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR


class LoggedFunction(wrapt.FunctionWrapper):  # type: ignore[type-arg]
    """A callable whose calls are logged while `_self_is_on`."""

    def __init__(self, wrapped: Any, function: Function) -> None:
        """Wrap a callable."""
        binder = _binder(wrapped)
        is_stepped = bool(binder and wrapped.__code__.co_flags & _SUSPENDS)
        call = _call_stepped if is_stepped else _call

        def wrapper(inner: Any, instance: Any, args: Any, kwargs: Any) -> Any:
            if not self._self_is_on or my_stack().is_busy:
                return inner(*args, **kwargs)
            given = args if instance is None or binder is None else (instance, *args)
            values = (binder or _as_given)(given, kwargs)
            if values is None:  # Python says best what is wrong with the arguments
                return inner(*args, **kwargs)
            return call(function, values, partial(inner, *args, **kwargs))

        super().__init__(wrapped, wrapper)
        self._self_is_on = True

    def __reduce_ex__(self, _protocol: Any) -> Any:
        """Pickle by name, if that leads here; else what is wrapped is wrapped again."""
        wrapped: Any = self.__wrapped__
        name = getattr(wrapped, "__qualname__", "")
        found: Any = sys.modules.get(getattr(wrapped, "__module__", None) or "")
        for step in name.split("."):
            found = getattr(found, step, None)
        return name if found is self else (_wrap_again, (wrapped,))

    def __copy__(self) -> LoggedFunction:
        """Functions are not copied."""
        return self

    def __deepcopy__(self, _memo: Any) -> LoggedFunction:
        """Functions are not copied."""
        return self


def _wrap_again(wrapped: Any) -> Any:
    from frametools.calls.options import Options

    return wrap(Options(), wrapped)


def wrap(options: Options, wrapped: Any) -> LoggedFunction:
    """Return a callable that logs the calls of another."""
    return LoggedFunction(wrapped, function_of(wrapped, options))


def function_of(wrapped: Any, options: Options) -> Function:
    """Describe a callable: by its code, or as one without."""
    name = getattr(wrapped, "__qualname__", None)
    name = name if isinstance(name, str) else type(wrapped).__qualname__
    if not isinstance(wrapped, FunctionType):
        return Function(None, name, 0, options)
    defaults = len(wrapped.__defaults__ or ())
    return Function(wrapped.__code__, name, defaults, options)


# --- the arguments, as a frame would have them ---


def _as_given(args: Any, kwargs: Any) -> dict[str, Any]:
    return {"args": args, "kwargs": kwargs}


def _binder(wrapped: Any) -> Callable[[Any, Any], dict[str, Any] | None] | None:
    """Return what maps parameters to a call's arguments, or to None if they misfit."""
    if not isinstance(wrapped, FunctionType):
        return None
    from inspect import signature

    def bind(args: Any, kwargs: Any) -> dict[str, Any] | None:
        try:
            bound = known.bind(*args, **kwargs)
        except TypeError:
            return None
        bound.apply_defaults()
        return bound.arguments

    known = signature(wrapped)
    return bind


# --- a call ---


def _call(
    function: Function, values: Mapping[str, Any], call: Callable[[], Any]
) -> Any:
    stack = my_stack()
    contained(stack, flow.begin, function, stack, values)
    try:
        result = call()
    except BaseException as error:
        contained(stack, flow.fail, function, stack, error)
        raise
    contained(stack, flow.end, function, stack, result)
    return result


def _call_stepped(
    function: Function, values: Mapping[str, Any], call: Callable[[], Any]
) -> Any:
    """Call what returns a generator: it begins when that is first asked."""
    return stepped(call(), Steps(function, values, contained))


def contained(stack: Stack, action: Callable[..., Any], *args: Any) -> Any:
    """Do something of ours: what it calls is not logged, its errors end here."""
    stack.is_busy = True
    try:
        return action(*args)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    finally:
        stack.is_busy = False


# --- classes and modules ---


def install(owner: Any, options: Options) -> list[tuple[Any, str, Any]]:
    """Wrap what a class or module defines; returns owner, name, and what was there."""
    done = []
    for name, value in members(owner):
        if is_container(value):
            done += install(value, options)
            continue
        new = replaced(value, partial(wrap, options))
        if new is not None:
            done.append((owner, name, value))
            setattr(owner, name, new)
    return done
