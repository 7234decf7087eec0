"""Calls: a VM frame is pushed for what the VM runs, all else is called natively.

    call(frame, stack, site, fn, args, kwargs)
        method            -> its function, self first
        VM function       -> a new InterpreterFrame, to go on with
        look-aside        -> our answer instead of a builtin's that reads frames
        anything else     -> called through a shim, result pushed

A shim is a Python function with the module name, file and line of the call: builtins
that look at who calls them (`type`, `TypeVar`, whatever warns) see what they would see
in plain Python.
"""

from __future__ import annotations

from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools.vm._builtins import (
    ValueError,
    bytearray,
    bytes,
    frozenset,
    id,
    isinstance,
    len,
    map,
    min,
    range,
    str,
    tuple,
    type,
)
from frametools.vm.frame import NULL, InterpreterFrame
from frametools.vm.host import CAN_TELL, call_while_handling

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.vm.code import Code, Instruction

    # A look-aside is called with the frame that calls, and the arguments. It returns
    # the result, or raises, or returns NULL: then the builtin itself is called.
    LookAside = Callable[[InterpreterFrame, list[Any], dict[str, Any]], Any]

LOOKASIDES: dict[int, tuple[object, LookAside]] = {}
"""By id of the builtin, which the entry keeps alive."""

HIDDEN: dict[int, object] = {}
"""Code objects of the host that no traceback shows, by id, while they live."""


def hide(co: CodeType) -> None:
    """Let no traceback show a code object."""
    remember(HIDDEN, co)


def remember(by_id: dict[int, Any], co: CodeType, value: object = None) -> Any:
    """Enter a code object in a dict until it dies; returns a reference to it."""
    reference = _Entry(co, _forget)
    reference.by_id, reference.at = by_id, id(co)
    by_id[reference.at] = reference if value is None else value
    return reference


class _Entry(ref):  # type: ignore[type-arg]
    """A code object in a dict: one object, as there is one for each function."""

    __slots__ = "at", "by_id"
    at: int
    by_id: dict[int, Any]


def _forget(entry: _Entry) -> None:
    entry.by_id.pop(entry.at, None)


LOOKED_ASIDE = frozenset(
    map(id, (BuiltinFunctionType, type, MethodDescriptorType, WrapperDescriptorType))
)
"""Ids of the types of which LOOKASIDES may have some: a class of the program's may not
be hashed, which asks its metaclass."""

_FUTURES = 0x1FE0000
"""Flags of `from __future__` statements."""

new_frame = InterpreterFrame


def lookaside(builtin: object) -> Callable[[LookAside], LookAside]:
    """Declare a function to answer for `builtin` when the VM calls it."""

    def declare(answer: LookAside) -> LookAside:
        LOOKASIDES[id(builtin)] = builtin, answer
        return answer

    return declare


class CallSite:
    """The operand of an instruction that calls: its oparg, and its shim once made."""

    __slots__ = (
        "globals_id",
        "instruction",
        "keyword_shim",
        "names",
        "oparg",
        "shim",
    )

    def __init__(self, instruction: Instruction) -> None:
        self.instruction = instruction
        self.oparg = instruction.oparg
        self.shim: Any = None
        """`shim(fn, args)`"""
        self.keyword_shim: Any = None
        """`keyword_shim(fn, args, kwargs)`"""
        self.globals_id = 0
        """Of the globals that the shims were made for."""
        self.names: tuple[str, ...] = ()


def call_site(_code: Code, instruction: Instruction) -> CallSite:
    """Prepare the operand of an instruction that calls."""
    return CallSite(instruction)


def _shim(fn: Any, args: Any) -> Any:
    return fn(*args)


def _keyword_shim(fn: Any, args: Any, kwargs: Any) -> Any:
    return fn(*args, **kwargs)


def make_shims(frame: InterpreterFrame, site: CallSite) -> None:
    """Make the shims of a call."""
    given = frame.f_globals
    names = {name: given[name] for name in _SEEN_BY_C if name in given}
    site.shim = _make_shim(_shim.__code__, frame, site, names)
    site.keyword_shim = _make_shim(_keyword_shim.__code__, frame, site, names)
    site.globals_id = id(given)


def _make_shim(
    template: CodeType, frame: InterpreterFrame, site: CallSite, names: dict[str, Any]
) -> FunctionType:
    co = frame.code.co
    line = frame.code.line(site.instruction.index) or co.co_firstlineno
    code = template.replace(
        co_filename=co.co_filename,
        co_name=co.co_name,
        co_qualname=co.co_qualname,
        co_firstlineno=line,
        co_linetable=one_line(template.co_code),
        # `compile` inherits them, and our own modules have some.
        co_flags=template.co_flags & ~_FUTURES | co.co_flags & _FUTURES,
    )
    hide(code)
    return FunctionType(code, names)


_SEEN_BY_C = ("__name__", "__package__", "__spec__", "__builtins__")
"""What C code reads of its caller's globals. A shim has only these: the globals
themselves would live as long as the code of a function in them, which keeps its shims,
and no garbage collector looks into code."""


def one_line(raw: bytes) -> bytes:
    """A line table that gives all of a code object its first line.

    Entries of kind 13 (no columns, line delta 0), each for up to 8 code units: see
    InternalDocs/code_objects.md.
    """
    table, units = bytearray(), len(raw) // 2
    while units:
        length = min(units, 8)
        table += bytes((0x80 | 13 << 3 | length - 1, 0))
        units -= length
    return bytes(table)


def call_native(
    frame: InterpreterFrame, site: CallSite, fn: Any, args: Any, kwargs: dict[str, Any]
) -> Any:
    """Call what the VM does not run, through the shim of this place."""
    thread = frame.thread
    if site.shim is None or site.globals_id != id(frame.f_globals):
        make_shims(frame, site)
    if thread.exc_info.exc_value is not thread.host_exc:
        if not CAN_TELL:
            shim = site.keyword_shim
            return call_while_handling(thread.handled(), shim, (fn, args, kwargs), {})
        thread.tell_host()
    if kwargs:
        return site.keyword_shim(fn, args, kwargs)
    return site.shim(fn, args)


def call(  # noqa: C901 -- what is called most is done in place
    frame: InterpreterFrame,
    stack: list[Any],
    site: CallSite,
    fn: Any,
    args: list[Any],
    kwargs: dict[str, Any],
) -> InterpreterFrame | None:
    """Call `fn`: returns the frame that runs it, or pushes its result."""
    kind = type(fn)
    if kind is MethodType:
        args.insert(0, fn.__self__)
        fn = fn.__func__
        kind = type(fn)
    if kind is FunctionType:
        thread = frame.thread
        code: Any = thread.codes.get(id(fn.__code__), NULL)
        if code is NULL:
            code = thread.vm.adopt(fn)
        if code is not None:
            if not kwargs and code.is_simple and code.argcount == len(args):
                args += code.pad
                bound: list[Any] | None = args
            else:
                bound = bind(code, fn, args, kwargs)
            if bound is not None:
                depth = frame.depth + 1
                if depth > thread.recursion_limit:
                    thread.recursion_error()
                return new_frame(
                    code,
                    frame,
                    fn,
                    fn.__globals__,
                    fn.__builtins__,
                    bound,
                    thread,
                    depth,
                )
    elif id(kind) in LOOKED_ASIDE:
        entry = LOOKASIDES.get(id(fn))
        if entry is not None:
            answer = entry[1](frame, args, kwargs)
            if answer is not NULL:
                stack.append(answer)
                return None
    stack.append(call_native(frame, site, fn, args, kwargs))
    return None


def bind(
    code: Code, fn: Any, args: list[Any], kwargs: dict[str, Any]
) -> list[Any] | None:
    """Bind arguments to parameters: `initialize_locals` in Python/ceval.c.

    Returns a new `localsplus`, or None if they do not fit: then the call is made
    natively, where the host words the TypeError.
    """
    co = code.co
    positional, keyword_only = co.co_argcount, co.co_kwonlyargcount
    flags = co.co_flags
    named = positional + keyword_only
    has_args, has_kwargs = flags & 0x04, flags & 0x08
    given = len(args)
    if not flags & 0x01 or (given > positional and not has_args):  # CO_OPTIMIZED
        return None
    bound = args[:positional]
    bound += [NULL] * (code.nlocalsplus - len(bound))
    if has_args:
        bound[named] = tuple(args[positional:])
    extra: dict[str, Any] | None = None
    if has_kwargs:
        extra = bound[named + (1 if has_args else 0)] = {}
    if kwargs and not _bind_keywords(co, bound, kwargs, extra):
        return None
    missing = given < positional or keyword_only
    return None if missing and not _bind_defaults(co, fn, bound, given) else bound


def _bind_keywords(
    co: CodeType,
    bound: list[Any],
    kwargs: dict[str, Any],
    extra: dict[str, Any] | None,
) -> bool:
    """Bind those given by name; `extra` is for what no parameter is called."""
    names, named = co.co_varnames, co.co_argcount + co.co_kwonlyargcount
    for name, value in kwargs.items():
        try:
            # Positional-only parameters come first and have no names.
            at = names.index(name, co.co_posonlyargcount, named)
        except ValueError:
            if extra is None or not isinstance(name, str):
                return False
            extra[name] = value
            continue
        if bound[at] is not NULL:
            return False
        bound[at] = value
    return True


def _bind_defaults(co: CodeType, fn: Any, bound: list[Any], given: int) -> bool:
    """Give parameters without an argument their defaults."""
    positional = co.co_argcount
    defaults = fn.__defaults__ or ()
    first = positional - len(defaults)
    for at in range(given, positional):
        if bound[at] is NULL:
            if at < first:
                return False
            bound[at] = defaults[at - first]
    if co.co_kwonlyargcount:
        defaults = fn.__kwdefaults__ or {}
        for at in range(positional, positional + co.co_kwonlyargcount):
            if bound[at] is NULL:
                name = co.co_varnames[at]
                if name not in defaults:
                    return False
                bound[at] = defaults[name]
    return True
