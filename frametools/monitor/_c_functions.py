"""C functions in the Python twin's trees: CALL, C_RETURN and C_RAISE.

As in the C core, functions and methods written in C are shown; classes and other
callables are not, for what runs in them shows itself. A C function is known by its
name, so nothing of the program is kept.
"""

from __future__ import annotations

from time import perf_counter
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    MethodDescriptorType,
    ModuleType,
)

from frametools.monitor._endings import before, savers
from frametools.monitor._nodes import C_FUNCTION, C_RAISE, C_RETURN

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from frametools.monitor._callbacks import Callback
    from frametools.monitor._forest import Forest

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8


def qualname(function: object) -> str:
    """Name a C function: `builtins.len`, `list.append`; "" if it is none."""
    if isinstance(function, BuiltinFunctionType):
        owner = function.__self__
        if owner is None:
            return function.__name__
        if isinstance(owner, ModuleType):
            return f"{owner.__name__}.{function.__name__}"
        kind = _definer(owner if isinstance(owner, type) else type(owner), function)
        return f"{type_name(kind)}.{function.__name__}"
    if type(function) is MethodDescriptorType:
        return f"{type_name(function.__objclass__)}.{function.__name__}"
    return ""


def _definer(kind: type, function: BuiltinFunctionType) -> type:
    """Give the type that defines a method: `append` of a list's subclass is list's."""
    for base in type.mro(kind):
        found = type.__dict__["__dict__"].__get__(base).get(function.__name__)
        if isinstance(found, (MethodDescriptorType, ClassMethodDescriptorType)):
            return base
    return kind


def type_name(kind: type) -> str:
    """Give a type's name as C knows it (tp_name): with the module, if it is C's."""
    flags = kind.__flags__
    is_python = flags & _HEAP_TYPE and not flags & _IMMUTABLE_TYPE
    if is_python or kind.__module__ == "builtins":
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"


def on_call(forest: Forest) -> Callback:
    """Make the callback for CALL."""
    index, sampled = forest.codes.index, forest.is_sampled

    def called(code: CodeType, offset: int, function: object, first: object) -> object:
        name = qualname(function)
        thread = forest.thread_here(False) if name else None
        if thread is None or thread.node.code is not code:
            return None
        node = forest.child(thread, index(name, "", 0, 0, 1), C_FUNCTION)
        if savers:
            before(function, first)
        thread.node = node
        node.code = name
        node.entered = now = forest.now if sampled else perf_counter()
        if now > thread.due and not sampled:
            thread.sync(node.parent, now)
        return node

    return called


def on_c_leave(forest: Forest, kind: int) -> Callback:
    """Make the callback for C_RETURN or C_RAISE."""
    sampled = forest.is_sampled

    def left(code: CodeType, offset: int, function: object, _: object) -> object:
        now = forest.now if sampled else perf_counter()
        name = qualname(function)
        thread = forest.thread_here(False) if name else None
        node = None if thread is None else forest.find_open_c(thread, code, name)
        if thread is None or node is None:
            return None
        thread.leave(node, now)
        if kind == C_RETURN:
            node.returns += 1
        else:
            node.unwinds += 1
        return node

    return left


def three(forest: Forest) -> dict[str, Callback]:
    """Make the callbacks for C functions."""
    return {
        "CALL": on_call(forest),
        "C_RETURN": on_c_leave(forest, C_RETURN),
        "C_RAISE": on_c_leave(forest, C_RAISE),
    }
