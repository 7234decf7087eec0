"""What only the C API can do: telling the host which exception is being handled.

`PyErr_SetHandledException` is reached through ctypes, and used only if a self-test at
import finds that it does what it says. Without it (no ctypes, another implementation,
or FRAMETOOLS_VM_NO_CTYPES=1) `CAN_TELL` is false, `tell` does nothing, and natives are
called by `call_while_handling` in an `except` block that handles the exception: native
code sees the same, each such call costs 1 us more, and what *operators* call (an
`__eq__` that is run natively) sees the handled exception of the entry instead.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from frametools.vm._builtins import (
    AttributeError,
    BaseException,
    Exception,
    ImportError,
    TypeError,
    ValueError,
    id,
    issubclass,
    next,
    set,
    tuple,
    type,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.thread import ThreadState

sys_exception = sys.exception

# Looked up once: a class of the program may have a `__setattr__` or a property.
get_traceback = BaseException.__dict__["__traceback__"].__get__
set_traceback = BaseException.__dict__["__traceback__"].__set__
get_context = BaseException.__dict__["__context__"].__get__
set_context = BaseException.__dict__["__context__"].__set__


def _find_setter() -> Callable[[Any], None] | None:
    if os.environ.get("FRAMETOOLS_VM_NO_CTYPES"):
        return None
    try:
        import ctypes

        setter = ctypes.pythonapi.PyErr_SetHandledException
        setter.argtypes = [ctypes.py_object]
        setter.restype = None
    except (ImportError, AttributeError, ValueError):
        return None
    return setter if _works(setter) else None


def _works(setter: Callable[[Any], None]) -> bool:
    before, probe = sys_exception(), Exception()
    try:
        setter(probe)
        seen = sys_exception()
        setter(before)
    except Exception:
        return False
    return seen is probe and sys_exception() is before


_set_handled = _find_setter()

CAN_TELL = _set_handled is not None
"""False if the host cannot be told; see the module's docstring."""


def tell(thread: ThreadState, handled: BaseException | None) -> None:
    """Make `handled` what the host takes to be handled in this thread.

    To be called outside of `except` and `finally` blocks only: at their end the host
    restores what it took to be handled before. Costs 200-400 ns.
    """
    if _set_handled is None:
        return
    if handled is not None and not issubclass(type(handled), BaseException):
        raise TypeError("not an exception")  # in C that is a crash
    _set_handled(handled)
    thread.host_exc = handled


def call_while_handling(
    handled: BaseException | None, fn: Any, args: Any, kwargs: dict[str, Any]
) -> Any:
    """Call `fn` with `handled` as what the host handles, where `tell` cannot.

    Natives see the exception of the entry if there is nothing to handle in it.
    """
    if handled is None:
        return fn(*args, **kwargs)
    try:
        raise_plainly(handled)
    except BaseException as error:
        set_traceback(error, get_traceback(error).tb_next)
        del error
        return fn(*args, **kwargs)


def call_told(thread: ThreadState, fn: Callable[..., Any], *args: Any) -> Any:
    """Call `fn` with the host told of what the VM's thread is handling."""
    if not CAN_TELL:
        return call_while_handling(thread.handled(), fn, args, {})
    thread.tell_host()
    return fn(*args)


def raise_plainly(error: BaseException) -> NoReturn:
    """Raise `error` and leave its context, and everybody's, as they are.

    The traceback begins with the caller. It needs no C API: a bare `raise` neither
    sets a context nor adds an entry to the traceback.
    """
    traceback, context = get_traceback(error), get_context(error)
    handled = sys_exception()
    link = None if handled is None else _link(handled, error)
    try:
        raise error
    except BaseException:
        set_context(error, context)
        if link is not None:
            set_context(link, error)
        set_traceback(error, traceback)
        del traceback, context, handled, link, error
        raise


def _link(handled: BaseException, error: BaseException) -> BaseException | None:
    """Find the exception whose context `raise error` clears: it would be a cycle."""
    seen = set()
    at: BaseException | None = handled
    while at is not None and at is not error and id(at) not in seen:
        seen.add(id(at))
        context = get_context(at)
        if context is error:
            return at
        at = context
    return None


def unraisable(
    error: BaseException, culprit: object, message: str | None = None
) -> None:
    """Report an error that has nowhere to go: `PyErr_WriteUnraisable`.

    `sys.unraisablehook` is called with a true `UnraisableHookArgs`; what it raises is
    reported by the host's own hook, as the host does.
    """
    hook = sys.unraisablehook
    try:
        hook(_unraisable_args(error, message, culprit))
    except BaseException as failed:
        failure = "Exception ignored in sys.unraisablehook"
        _report(_unraisable_args(failed, failure, hook))


_report = sys.__unraisablehook__

# The type has no other name that can be reached.
_UnraisableHookArgs: Any = next(
    kind for kind in tuple.__subclasses__() if kind.__name__ == "UnraisableHookArgs"
)


def _unraisable_args(error: BaseException, message: str | None, culprit: object) -> Any:
    fields = type(error), error, get_traceback(error), message, culprit
    return _UnraisableHookArgs(fields)
