"""3.11, and what has no code object: a wrapt proxy around the callable.

It is a frame in each traceback and a level of recursion, as any wrapper is; it looks
like what it wraps, binds as a method does, and pickles by name.
"""

from __future__ import annotations

import sys
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any
from weakref import finalize, ref

import wrapt

from frametools._frame_values import CO_SUSPENDS
from frametools._interrupts import is_the_programs
from frametools.calls import flow
from frametools.calls.choosing import is_wanted
from frametools.calls.functions import Function, described, given
from frametools.calls.greenlets import logged
from frametools.calls.options import Options
from frametools.calls.quick import quick_parameters
from frametools.calls.quick_wrapper import quick_call, quick_wrapper
from frametools.calls.stacks import my_stack
from frametools.calls.stepping import stepped
from frametools.calls.targets import (
    dispatch_of,
    functions_of_member,
    innermost,
    is_container,
    is_defined_in,
    is_function,
    members,
    replaced,
    replaced_member,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.quick_wrapper import Wrapper


class LoggedMethod(wrapt.BoundFunctionWrapper):  # type: ignore[type-arg]
    """A logged function, bound: `parent` is what `off` switches off."""

    @property
    def parent(self) -> Any:
        """Return the wrapper that this was bound of."""
        return self._self_parent

    def __reduce_ex__(self, _protocol: Any) -> Any:
        """Pickle as methods do: by what it is bound to, and its name."""
        method: Any = self.__wrapped__
        return getattr, (method.__self__, method.__name__)


class LoggedFunction(wrapt.FunctionWrapper):  # type: ignore[type-arg]
    """A callable whose calls are logged while `Function.is_on`."""

    __bound_function_wrapper__ = LoggedMethod

    def __init__(self, wrapped: Any, function: Function) -> None:
        """Wrap a callable."""
        within = innermost(wrapped) if is_function(wrapped) else None
        if within is not None and _is_quick(function, within):
            wrapper = _at_first(ref(self), function, within)
        else:
            wrapper = _general(function, within)
        super().__init__(wrapped, wrapper)
        self._self_first = wrapper  # else it were freed as it is replaced, in its call
        self._self_function = function
        self._self_is_own = function.is_own
        logged.add(id(self))
        finalize(self, logged.discard, id(self)).atexit = False

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute of what is wrapped; `__wrapped__` is called from then on."""
        super().__setattr__(name, value)
        if name == "__wrapped__" and "__call__" in vars(type(self)):
            del type(self).__call__

    def _self_is_direct(self, within: FunctionType) -> bool:
        """Tell if this can be called without wrapt between: it has its own class."""
        return type(self) is not LoggedFunction and self.__wrapped__ is within

    def _self_generate(self, function: Function, within: FunctionType) -> Wrapper:
        """Generate what wrapt calls from now on."""
        wrapper = quick_wrapper(function, within)
        super().__init__(self.__wrapped__, wrapper)
        return wrapper

    def _self_generate_call(self, function: Function, within: FunctionType) -> Wrapper:
        """Generate what is called from now on in place of this, if it is not bound."""
        call = quick_call(function, within)
        type.__setattr__(type(self), "__call__", staticmethod(call))
        return call

    def _self_off(self) -> None:
        """Log no more."""
        self._self_function.is_on = False
        logged.discard(id(self))

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
    return wrap(Options(), wrapped)


def wrap(options: Options, wrapped: Any, *, is_own: bool = False) -> LoggedFunction:
    """Return a callable that logs the calls of another; `is_own`: itself decorated."""
    if isinstance(wrapped, LoggedFunction):
        wrapped = wrapped.__wrapped__  # once is enough
    function = function_of(wrapped, options, is_own=is_own)
    return _class_for(wrapped, function)(wrapped, function)


def _class_for(wrapped: Any, function: Function) -> type[LoggedFunction]:
    """Choose the wrapper's class: one of its own saves a third of a call."""
    is_plain = type(wrapped) is FunctionType and innermost(wrapped) is wrapped
    if not is_plain or not _is_quick(function, wrapped):
        return LoggedFunction
    return type("LoggedFunction", (LoggedFunction,), {"__module__": __name__})


def _is_quick(function: Function, within: FunctionType) -> bool:
    """Tell if what logs the calls of a function can be generated for it."""
    return not _is_stepped(within) and quick_parameters(function) is not None


def _is_stepped(function: FunctionType) -> bool:
    """Tell if what a call returns is a generator, a coroutine or their like."""
    return bool(function.__code__.co_flags & CO_SUSPENDS)


def function_of(wrapped: Any, options: Options, *, is_own: bool = False) -> Function:
    """Describe a callable: by the code within, or as one without."""
    if is_function(wrapped):
        return described(innermost(wrapped), options, is_own=is_own)
    name = getattr(wrapped, "__qualname__", None)
    name = name if isinstance(name, str) else type(wrapped).__qualname__
    return Function(None, name, 0, options, is_own=is_own)


# --- the arguments, as a frame would have them ---


def _as_given(args: Any, kwargs: Any) -> dict[str, Any]:
    return {"args": args, "kwargs": kwargs}


def _binder(function: FunctionType) -> Callable[[Any, Any], dict[str, Any] | None]:
    """Return what maps parameters to a call's arguments, or to None if they misfit."""
    bound: Any = None

    def bind(args: Any, kwargs: Any) -> dict[str, Any] | None:
        nonlocal bound
        try:
            bound = bound or given(function, "locals()")
            return bound(*args, **kwargs)  # type: ignore[no-any-return]
        except (TypeError, RecursionError):
            return None

    return bind


# --- a call ---


def _at_first(
    me: ref[LoggedFunction], function: Function, within: FunctionType
) -> Wrapper:
    """Return what generates the wrapper when it is first called: it takes 0.5 ms.

    That is another one for a function that is called as such than for a method.
    """
    wrapper: Wrapper | None = None  # a method that was bound before still comes here

    def at_first(inner: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        nonlocal wrapper
        owner = me()
        if owner is None or not function.is_on or my_stack().is_busy:
            return inner(*args, **kwargs)
        call = None
        try:
            if instance is None and owner._self_is_direct(within):
                call = owner._self_generate_call(function, within)
            elif wrapper is None:
                wrapper = owner._self_generate(function, within)
        except BaseException as error:  # no room for that, say
            if is_the_programs(error):
                raise
        if call is not None:
            return call(*args, **kwargs)
        if wrapper is not None:
            return wrapper(inner, instance, args, kwargs)
        return inner(*args, **kwargs)

    return at_first


def _general(function: Function, within: FunctionType | None) -> Wrapper:
    """Return what wrapt calls if there is more to do."""
    bind = _as_given if within is None else _binder(within)
    call = _call_stepped if within is not None and _is_stepped(within) else _call

    def wrapper(inner: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        if not function.is_on or my_stack().is_busy:
            return inner(*args, **kwargs)
        own = () if instance is None or within is None else (instance,)
        values = bind((*own, *args), kwargs)
        if values is None:  # Python says best what is wrong with the arguments
            return inner(*args, **kwargs)
        return call(function, values, partial(inner, *args, **kwargs))

    return wrapper


def _call(
    function: Function, values: Mapping[str, Any], call: Callable[[], Any]
) -> Any:
    stack = my_stack()
    calls = stack.calls
    size, depth, late = len(calls), stack.depth, stack.late
    flow.contained(flow.begin, function, stack, values)
    try:
        result = call()
    except BaseException as error:
        flow.contained(flow.fail, function, stack, error)
        if stack.calls is calls:  # there may have been no room to take away all
            del calls[size:]
            stack.depth, stack.late = depth, late
        raise
    flow.contained(flow.end, function, stack, result)
    return result


def _call_stepped(
    function: Function, values: Mapping[str, Any], call: Callable[[], Any]
) -> Any:
    """Call what returns a generator: it begins when that is first asked.

    A decorator within may have asked it all already, and return something else: then
    the call is told of as one that is over.
    """
    result = call()
    if (logged := stepped(function, values, result)) is not None:
        return logged
    return _call(function, values, lambda: result)


# --- classes and modules ---


def install(owner: Any, options: Options) -> list[Callable[[], object]]:
    """Wrap what a class or module defines; returns what takes it back, in order."""
    done = []
    wrap_one = partial(_wrap_member, owner, options)
    for name, value in members(owner):
        if is_container(value):
            done += install(value, options)
        elif _is_member(owner, value) and _is_any_wanted(value, options):
            done.append(install_at(owner, name, wrap_one))
    return done


def _is_member(owner: Any, value: Any) -> bool:
    """Tell if something has no functions but those that its owner defines.

    Of what `singledispatch` chooses from, `_wrap_member` tells for each.
    """
    return dispatch_of(value) is not None or is_defined_in(owner, value)


def install_at(
    owner: Any, name: str, wrap: Callable[[Any], Any]
) -> Callable[[], object]:
    """Wrap what a class or module has under a name; returns what takes it back."""
    value = vars(owner)[name]
    if dispatch_of(value) is not None:
        return install_in(value, wrap)
    setattr(owner, name, replaced_member(value, wrap) or value)
    return partial(setattr, owner, name, value)


def install_in(target: Any, wrap: Callable[[Any], Any]) -> Callable[[], object]:
    """Wrap the functions that `singledispatch` chooses from; as `install_at`."""
    dispatch = dispatch_of(target)
    before = dict(dispatch.registry)
    replaced(target, wrap)

    def take_back() -> None:
        for cls, each in before.items():
            dispatch.register(cls, each)

    return take_back


def _is_any_wanted(value: Any, options: Options) -> bool:
    return any(is_wanted(each, options) for each in functions_of_member(value))


def _wrap_member(owner: Any, options: Options, function: Any) -> Any:
    """Wrap a function, unless it has options of its own, is others', or not wanted."""
    if getattr(function, "_self_is_own", False) or not is_defined_in(owner, function):
        return function
    return wrap(options, function) if _is_any_wanted(function, options) else function
