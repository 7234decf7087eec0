"""The short way for wrappers: what `quick` is for events.

What logs a call is generated; for a function that is called as such it is called in
place of wrapt's. Then a call costs 0.8 times what a wrapt decorator costs that writes
the same text; in the general way, that of `wrapping`, 3 times (benchmarks/calls.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools.calls.flow import failed
from frametools.calls.functions import given
from frametools.calls.quick import made, quick_parameters

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

    from frametools.calls.functions import Function
    from frametools.calls.stacks import Call, Stack

    Wrapper = Callable[..., Any]

_TEMPLATE = """
HEAD
    try:
        stack = local.stack
    except AttributeError:
        stack = my_stack()
    if stack.is_busy or not function.is_on:
        return inner(*args, **kwargs)
    stack.is_busy = True
    call = None
    try:
        BIND
        ASKS
        ENTRY
        calls = stack.calls
        size, depth = len(calls), stack.depth
        LABEL
        call = (key, entry, -1.0, 0.0, is_secret)
        calls.append(call)
        stack.depth = depth + 1
        function.emit(f"{label}{indent}→ {entry}")
    except BaseException as error:
        not_begun(function, stack, call, error)
    finally:
        stack.is_busy = False
    if call is None:
        return inner(*args, **kwargs)
    try:
        result = value = inner(*args, **kwargs)
    except BaseException as error:
        try:
            contained(flow_fail, function, stack, error)
        except RecursionError:
            pass
        if stack.calls is calls:  # there may have been no room to take away all
            del calls[size:]
            stack.depth = depth
        raise
    calls = stack.calls
    if not calls or calls[-1] is not call or stack.is_busy or is_secret:
        contained(flow_end, function, stack, result)
        return result
    stack.is_busy = True
    depth = stack.depth - 1
    try:
        LABEL
        VALUE
        function.emit(f"{label}{indent}← {entry} = {value}")
    except BaseException as error:
        failed(function, error)
    finally:
        stack.is_busy = False
        if stack.calls is calls:
            del calls[-1]
            stack.depth = depth
        else:
            stack.end(call)
    return result
"""


def quick_wrapper(function: Function, within: FunctionType) -> Wrapper:
    """Make what wrapt calls, if there are `quick_parameters`.

    `within` is the function that is wrapped, or that decorators within have wrapped.
    """
    head = "def logged(inner, instance, args, kwargs):"
    own = "() if instance is None else (instance,)"
    return _made(function, within, head, f"*({own}), *args, **kwargs")


def quick_call(function: Function, wrapped: FunctionType) -> Wrapper:
    """Make what is called in place of a function itself, without wrapt between."""
    return _made(function, wrapped, "def logged(*args, **kwargs):", "*args, **kwargs")


def _made(
    function: Function, within: FunctionType, head: str, arguments: str
) -> Wrapper:
    named = quick_parameters(function) or []
    targets = "".join(f"x{n}, " for n in range(len(named))) or "()"
    pieces = {"HEAD": head, "BIND": f"{targets} = given({arguments})"}
    names = made(function, named, _TEMPLATE, pieces)
    values = "".join(f"{each.name}, " for each in named)
    names["given"] = given(within, f"({values})")
    names["not_begun"] = _not_begun
    names["inner"] = within  # where it is no parameter
    return names["logged"]  # type: ignore[no-any-return]


def _not_begun(
    function: Function, stack: Stack, call: Call | None, error: BaseException
) -> None:
    """Take an error before a call: the program's own goes through, and no call begins.

    Where there is no call yet, the arguments misfit: Python says best how.
    """
    if call is None:
        if is_the_programs(error):
            raise error
        return
    try:
        failed(function, error)
    except BaseException:
        stack.end(call)
        raise
