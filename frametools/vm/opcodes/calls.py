"""Calls, and how functions are made."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools._python import STARS_NAME_NO_FUNCTION
from frametools.vm._builtins import (
    TypeError,
    dict,
    getattr,
    hasattr,
    id,
    isinstance,
    iter,
    len,
    list,
    object,
    str,
    tuple,
    type,
    zip,
)
from frametools.vm.calling import (
    LOOKASIDES,
    LOOKED_ASIDE,
    CallSite,
    call,
    call_native,
    call_site,
)
from frametools.vm.frame import NULL, THREAD, InterpreterFrame
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction

    Frame = InterpreterFrame
    Stack = list[Any]

new_object: Any = object.__new__

_NO_KEYWORDS: dict[str, Any] = {}
"""Passed where there are none, and never changed."""

_LOOKED_AT = LOOKED_ASIDE | {id(FunctionType), id(MethodType)}


def call_site_with_names(code: Code, instruction: Instruction) -> CallSite:
    """Prepare CALL where a KW_NAMES before it names the keyword arguments."""
    site = CallSite(instruction)
    before = instruction.index - 1
    if before > 0 and code.instructions[before].opname == "PRECALL":
        before -= 1
    if before >= 0 and code.instructions[before].opname == "KW_NAMES":
        site.names = code.co.co_consts[code.instructions[before].oparg]
    return site


@inst("CALL", "callable, self_or_null, args[oparg] -- res", prepare=call_site)
def call_positional(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call with positional arguments."""
    first = -site.oparg - 1
    fn = stack[first - 1]
    if stack[first] is NULL:
        args = stack[first + 1 :] if first != -1 else []
    else:
        args = stack[first:]
    if type(fn) is FunctionType:
        # What `call` does, for what is called most.
        thread = frame.thread
        code = thread.codes.get(id(fn.__code__))
        if code is not None and code.is_simple and code.argcount == len(args):
            depth = frame.depth + 1
            if depth > thread.recursion_limit:
                thread.recursion_error()
            del stack[first - 1 :]
            args += code.pad
            # InterpreterFrame.__init__ in place: that saves a third of its cost.
            new: Frame = new_object(InterpreterFrame)
            new.code = code
            new.previous = frame
            new.f_funcobj = fn
            new.f_globals = fn.__globals__
            new.f_builtins = fn.__builtins__  # type: ignore[attr-defined,unused-ignore]
            new.localsplus = args
            new.thread = thread
            new.depth = depth
            new.instr = iter(code.ops)
            new.owner = THREAD
            new.frame_obj = new.generator = new.f_locals = None
            return new
    del stack[first - 1 :]
    kind = type(fn)
    if (kind is BuiltinFunctionType or kind is type) and id(fn) not in LOOKASIDES:
        # What `call` and `call_native` do where all is as it was the last time.
        thread = frame.thread
        if (
            site.globals_id == id(frame.f_globals)
            and thread.exc_info.exc_value is thread.host_exc
        ):
            stack.append(site.shim(fn, args))
            return None
    return call(frame, stack, site, fn, args, _NO_KEYWORDS)


@inst("CALL", "method_or_null, callable, args[oparg] -- res", call_site_with_names)
def call_null_first(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call with positional and, by a KW_NAMES before, keyword arguments."""
    first = -site.oparg - 1
    fn = stack[first - 1]
    if fn is NULL:
        fn = stack[first]
        args = stack[first + 1 :] if first != -1 else []
    else:
        args = stack[first:]
    names = site.names
    if names:
        del stack[first - 1 :]
        return _call_keywords(frame, stack, site, fn, args, names)
    if type(fn) is FunctionType:
        # What `call` does, for what is called most.
        thread = frame.thread
        code = thread.codes.get(id(fn.__code__))
        if code is not None and code.is_simple and code.argcount == len(args):
            depth = frame.depth + 1
            if depth > thread.recursion_limit:
                thread.recursion_error()
            del stack[first - 1 :]
            args += code.pad
            # InterpreterFrame.__init__ in place: that saves a third of its cost.
            new: Frame = new_object(InterpreterFrame)
            new.code = code
            new.previous = frame
            new.f_funcobj = fn
            new.f_globals = fn.__globals__
            new.f_builtins = fn.__builtins__  # type: ignore[attr-defined,unused-ignore]
            new.localsplus = args
            new.thread = thread
            new.depth = depth
            new.instr = iter(code.ops)
            new.owner = THREAD
            new.frame_obj = new.generator = new.f_locals = None
            return new
    del stack[first - 1 :]
    kind = type(fn)
    if (kind is BuiltinFunctionType or kind is type) and id(fn) not in LOOKASIDES:
        # What `call` and `call_native` do where all is as it was the last time.
        thread = frame.thread
        if (
            site.globals_id == id(frame.f_globals)
            and thread.exc_info.exc_value is thread.host_exc
        ):
            stack.append(site.shim(fn, args))
            return None
    return call(frame, stack, site, fn, args, _NO_KEYWORDS)


def _call_keywords(
    frame: Frame,
    stack: Stack,
    site: CallSite,
    fn: Any,
    args: list[Any],
    names: tuple[str, ...],
) -> Frame | None:
    positional = len(args) - len(names)
    keywords = dict(zip(names, args[positional:], strict=True))
    del args[positional:]
    return call(frame, stack, site, fn, args, keywords)


@inst("KW_NAMES", "--")
def kw_names(_frame: Frame, _stack: Stack, _oparg: int) -> None:
    """Name the keyword arguments of the CALL that follows, which has looked here."""


@inst("PRECALL", "--")
def precall(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Replace a bound method that the CALL is of by its function and self."""
    method = stack[-oparg - 1]
    is_free = type(method) is MethodType and stack[-oparg - 2] is NULL
    if is_free and id(type(method.__self__)) not in MODEL_TYPES:  # those are of C
        stack[-oparg - 2] = method.__func__
        stack[-oparg - 1] = method.__self__


@inst("CALL_KW", "callable, self_or_null, args[oparg], names -- res", call_site)
def call_kw(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call with keyword arguments, whose names are on the stack."""
    names = stack.pop()
    first = -site.oparg - 1
    fn = stack[first - 1]
    args = stack[first:] if stack[first] is not NULL else stack[first + 1 :]
    del stack[first - 1 :]
    return _call_keywords(frame, stack, site, fn, args, names)


@inst("CALL_FUNCTION_EX", "null, func, args, kw if (oparg & 1) -- res", call_site)
def call_function_ex_null_first(
    frame: Frame, stack: Stack, site: CallSite
) -> Frame | None:
    """Call with `*args` and perhaps `**kwargs`; the NULL lies below the function."""
    keywords = stack.pop() if site.oparg & 1 else _NO_KEYWORDS
    args = stack.pop()
    fn = stack.pop()
    stack.pop()
    return _call_with_stars(frame, stack, site, fn, args, keywords)


@inst("CALL_FUNCTION_EX", "func, null, args, kw if (oparg & 1) -- res", call_site)
def call_function_ex_maybe(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call with `*args` and perhaps `**kwargs`."""
    keywords = stack.pop() if site.oparg & 1 else _NO_KEYWORDS
    args = stack.pop()
    stack.pop()
    fn = stack.pop()
    return _call_with_stars(frame, stack, site, fn, args, keywords)


@inst("CALL_FUNCTION_EX", "func, null, args, kw_or_null -- res", call_site)
def call_function_ex(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call with `*args` and `**kwargs`, or NULL for these."""
    keywords = stack.pop()
    args = stack.pop()
    stack.pop()
    fn = stack.pop()
    if keywords is NULL:
        keywords = _NO_KEYWORDS
    return _call_with_stars(frame, stack, site, fn, args, keywords)


def _call_with_stars(
    frame: Frame, stack: Stack, site: CallSite, fn: Any, args: Any, keywords: Any
) -> Frame | None:
    if not isinstance(args, (tuple, list)):
        if not is_iterable(args):
            said = "Value" if STARS_NAME_NO_FUNCTION else f"{function_str(fn)} argument"
            name = type(args).__name__
            raise TypeError(f"{said} after * must be an iterable, not {name}")
    elif id(type(fn)) not in _LOOKED_AT:
        # It gets the very tuple that the program has.
        stack.append(call_native(frame, site, fn, args, keywords))
        return None
    return call(frame, stack, site, fn, list(args), keywords)


def is_iterable(value: Any) -> bool:
    """Say what `check_args_iterable` in Python/ceval.c wants to know."""
    kind = type(value)
    return hasattr(kind, "__iter__") or hasattr(kind, "__getitem__")


def function_str(fn: Any) -> str:
    """Name a function in an error: `_PyObject_FunctionStr`."""
    qualname = getattr(fn, "__qualname__", NULL)
    if qualname is NULL:
        return str(fn)
    module = getattr(fn, "__module__", None)
    if module is not None and module != "builtins":
        return f"{module}.{qualname}()"
    return f"{qualname}()"


@inst("MAKE_FUNCTION", "codeobj -- func")
def make_function(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Make a function of a code object; its attributes are set by what follows."""
    vm = frame.thread.vm
    stack[-1] = vm.make_function(stack[-1], frame.f_globals, None, frame.code)


@inst(
    "MAKE_FUNCTION",
    "defaults if (oparg & 1), kwdefaults if (oparg & 2), annotations if (oparg & 4), "
    "closure if (oparg & 8), codeobj -- func",
)
def make_function_with_attributes(frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a function of a code object and the attributes below it on the stack."""
    co = stack.pop()
    closure = stack.pop() if oparg & 8 else None
    fn = frame.thread.vm.make_function(co, frame.f_globals, closure, frame.code)
    for bit in (4, 2, 1):
        if oparg & bit:
            _SETTERS[bit](fn, stack.pop())
    stack.append(fn)


@inst("SET_FUNCTION_ATTRIBUTE", "attr, func -- func")
def set_function_attribute(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Set what the oparg says: defaults 1, keyword defaults 2, ... closure 8."""
    fn = stack.pop()
    value = stack[-1]
    if oparg == 8:
        # It comes first, so the function has no other attributes yet.
        fn = FunctionType(fn.__code__, fn.__globals__, None, None, value)
    else:
        _SETTERS[oparg](fn, value)
    stack[-1] = fn


def _set_defaults(fn: Any, value: Any) -> None:
    fn.__defaults__ = value


def _set_keyword_defaults(fn: Any, value: Any) -> None:
    fn.__kwdefaults__ = value


def _set_annotations(fn: Any, value: Any) -> None:
    """Set annotations, which are a dict or a tuple of names and values in turn."""
    if type(value) is tuple:
        value = dict(zip(value[::2], value[1::2], strict=True))
    fn.__annotations__ = value


def _set_annotate(fn: Any, value: Any) -> None:
    fn.__annotate__ = value
    if type(value) is FunctionType:
        value.__qualname__ = f"{fn.__qualname__}.__annotate__"


_SETTERS = {
    1: _set_defaults,
    2: _set_keyword_defaults,
    4: _set_annotations,
    16: _set_annotate,
}
