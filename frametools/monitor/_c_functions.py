"""C functions in the Python twin's trees: CALL, C_RETURN and C_RAISE.

As in the C core, functions and methods written in C are shown; classes and other
callables are not, for what runs in them shows itself. A C function is known by its
name, so nothing of the program is kept.
"""

from __future__ import annotations

from time import perf_counter

from frametools._c_names import qualname
from frametools.monitor._endings import before, savers
from frametools.monitor._nodes import C_FUNCTION, C_RAISE, C_RETURN

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from frametools.monitor._callbacks import Callback
    from frametools.monitor._forest import Forest


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
