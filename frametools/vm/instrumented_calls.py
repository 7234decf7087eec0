"""Handlers of calls that are watched, and what is left on the stack for them."""

from __future__ import annotations

import re
from functools import partial
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any

from frametools._python import (
    CALLABLE_COMES_FIRST,
    EXPANDS_METHODS_BEFORE_CALL,
    HAS_BRANCH_SIDES,
    HAS_MONITORING,
    TELLS_CALLS_WITH_STARS,
    UNPACKS_CLASS_METHODS,
)
from frametools._safe_repr.classes import of_class
from frametools.vm._builtins import (
    BaseException,
    bool,
    classmethod,
    frozenset,
    id,
    issubclass,
    len,
    map,
    super,
    tuple,
    type,
)
from frametools.vm.event_kinds import C_RAISE, C_RETURN, CALL
from frametools.vm.firing import MISSING, Point, fire
from frametools.vm.frame import NULL
from frametools.vm.host import raise_plainly
from frametools.vm.objects import is_method
from frametools.vm.opcodes.calls import is_iterable

if TYPE_CHECKING:
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]


def _called(stack: Stack, oparg: int, names: int = 0) -> tuple[Any, Any]:
    """Return the callable and its first argument, MISSING if it has none."""
    first = -oparg - 1 - names
    fn, me = stack[first - 1], stack[first]
    if not CALLABLE_COMES_FIRST and fn is NULL:
        fn, me = me, NULL
    if me is not NULL:
        if type(fn) is MethodType:
            # An `__exit__` with its arguments: CPython calls that natively.
            fn = stack[first - 1] = _Native(fn)
            return fn, me
        return fn, me
    if EXPANDS_METHODS_BEFORE_CALL and type(fn) is MethodType:
        return fn.__func__, fn.__self__
    return fn, (stack[first + 1] if oparg else MISSING)


def instrumented_call(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire CALL, and C_RETURN or C_RAISE if no frame was pushed for it."""
    fn, first = _called(stack, point.code.instructions[point.index].oparg)
    return _call(frame, stack, point, fn, first)


def instrumented_call_kw(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Do so for a call with keyword arguments."""
    fn, first = _called(stack, point.code.instructions[point.index].oparg, 1)
    return _call(frame, stack, point, fn, first)


def instrumented_call_ex(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Do so for a call with `*` and `**`."""
    keywords = HAS_BRANCH_SIDES or point.code.instructions[point.index].oparg & 1
    at = -2 if keywords else -1
    fn = stack[at - (2 if CALLABLE_COMES_FIRST else 1)]
    is_method = _is_method(fn)
    if not TELLS_CALLS_WITH_STARS and (is_method or _is_python(fn)):
        return point.handler(frame, stack, point.operand)
    args = stack[at]
    if type(args) is not tuple:
        if not is_iterable(args):
            return point.handler(frame, stack, point.operand)  # refuses, untold
        args = stack[at] = tuple(args)
    missing = MISSING if CALLABLE_COMES_FIRST else None
    first = args[0] if type(args) is tuple and args else missing
    if is_method:
        # Whatever its function is: nothing is told of how that ends.
        fire(frame, point, CALL, fn, first)
        return point.handler(frame, stack, point.operand)
    return _call(frame, stack, point, fn, first)


class _Native(partial):  # type: ignore[type-arg]
    """A method that CPython calls natively here: not one of the program's partials."""


def loads_method(code: Code, index: int) -> bool:
    """Say if an instruction pushes a callable and its self, or NULL."""
    _, _, opname, oparg, *_ = code.instructions[index]
    if opname == "LOAD_METHOD":
        return True
    if opname == "LOAD_SUPER_ATTR":
        return bool(oparg & 1)
    return opname == "LOAD_ATTR" and HAS_MONITORING and bool(oparg & 1)


def followed_method(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Leave on the stack what CPython leaves there for a call that is told of.

    The VM may push a method of C bound, or one of a class unbound, where it is all
    the same to the call.
    """
    _, _, opname, oparg, *_ = point.code.instructions[point.index]
    is_super = opname == "LOAD_SUPER_ATTR"
    shift = 0 if opname == "LOAD_METHOD" else 2 if is_super else 1
    owner = stack[-1]
    switch = point.handler(frame, stack, point.operand)
    if switch is None:
        name = point.code.co.co_names[oparg >> shift]
        found = NULL if is_super else _in_type(type(owner), name)
        _set_method(stack, owner, found)
    return switch


def _in_type(kind: type, name: str) -> Any:
    """Return what may be pushed unbound, NULL if attributes are not generic."""
    is_asked = of_class(kind, "__getattr__", NULL) is not NULL
    if is_asked or issubclass(kind, _NOT_GENERIC):
        return NULL
    if type(of_class(kind, "__getattribute__")) is FunctionType:
        return NULL
    return of_class(kind, name, NULL)


_NOT_GENERIC = (type, ModuleType, MethodType, super)
"""Types whose `tp_getattro` is not `PyObject_GenericGetAttr`."""


def _set_method(stack: Stack, owner: Any, found: Any) -> None:
    fn, me = stack[-2:]
    if not CALLABLE_COMES_FIRST:
        fn, me = (me, NULL) if fn is NULL else (fn, me)
    is_unbound = is_method(found)
    if me is NULL:
        if UNPACKS_CLASS_METHODS and type(found) is classmethod:
            if type(fn) is MethodType:
                stack[-2:] = fn.__func__, fn.__self__
            return
        if not is_unbound or id(type(fn)) not in _BOUND or fn.__self__ is not owner:
            return
        stack[-2:] = found, owner
    elif not is_unbound:
        bound = MethodType(fn, me)
        stack[-2:] = (bound, NULL) if CALLABLE_COMES_FIRST else (NULL, bound)


_OF_DEFINING_CLASS: type = type(re.compile("").match)
"""A bound method of C that is told the class that defines it: METH_METHOD."""
_BOUND = frozenset(
    map(id, (BuiltinFunctionType, MethodWrapperType, _OF_DEFINING_CLASS))
)


def instrumented_super(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire CALL and C_RETURN or C_RAISE of `super`."""
    fn = stack[-3]
    two = point.code.instructions[point.index].oparg & 2
    first = stack[-2] if two else MISSING
    fire(frame, point, CALL, fn, first)
    fails = fn is super and not _is_bound_super(*stack[-2:])
    fire(frame, point, C_RAISE if fails else C_RETURN, fn, first)
    return point.handler(frame, stack, point.operand)


def _is_bound_super(kind: Any, me: Any) -> bool:
    """Say if `super(kind, me)` can be made."""
    try:
        super(kind, me)
    except BaseException:
        return False
    return True


def _is_python(fn: Any) -> bool:
    if type(fn) is MethodType:
        fn = fn.__func__
    return type(fn) is FunctionType and not is_ours(fn)


def _is_method(fn: Any) -> bool:
    """Say if it is a bound method for the program too, not one of our generators'."""
    if type(fn) is not MethodType:
        return False
    return type(fn.__func__) is not FunctionType or not is_ours(fn.__func__)


def is_ours(fn: Any) -> bool:
    """Say if a function is ours, such as methods of generators: C's for the program."""
    ours: bool = fn.__code__.co_filename.startswith(_OURS)
    return ours


_OURS = __file__[: -len("instrumented_calls.py")]


def _call(
    frame: Frame, stack: Stack, point: Point, fn: Any, first: Any
) -> Frame | None:
    told: Any = fn.func if type(fn) is _Native else fn
    fire(frame, point, CALL, told, first)
    if _is_python(fn):
        return point.handler(frame, stack, point.operand)
    if told is fn and _is_method(fn):
        told, first = fn.__func__, fn.__self__
    try:
        switch = point.handler(frame, stack, point.operand)
    except BaseException as error:
        raised = error
    else:
        if switch is None:
            fire(frame, point, C_RETURN, told, first)
        return switch
    # Outside of the block: a callback may ask what is being handled.
    fire(frame, point, C_RAISE, told, first)
    return raise_plainly(raised)
