"""Hooks: a program's run in a VM, told to an object of yours as it happens.

    class Printer:
        def on_enter(self, frame, index): print("->", frame.f_executable.co_qualname)

    VM(hooks=Printer()).call(program)

A hook gets the `InterpreterFrame` itself, with its `localsplus`, and must not change
it; kept, it keeps the program's objects alive. A hook that raises is reported by
`sys.unraisablehook`, once, and all hooks of the object are off from then on: the
program never sees it. Costs what is watched: `on_instruction` makes the VM about four
times slower, `on_enter` and `on_leave` not twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.events import ENTER, LEAVE, EventKind
from frametools.vm._builtins import (
    BaseException,
    TypeError,
    dict,
    frozenset,
    getattr,
    hasattr,
    type,
)
from frametools.vm.host import unraisable
from frametools.vm.instrumentation import Tool, add_tool, remove_tool

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.vm import VM

    class Hooks(Protocol):
        """What `VM(hooks=...)` takes: an object with any of these methods.

        `index` is the position of the instruction in `frame.code.instructions`.
        """

        def on_instruction(self, frame: InterpreterFrame, index: int) -> object:
            """Be called before each instruction."""

        def on_line(self, frame: InterpreterFrame, index: int, line: int) -> object:
            """Be called before the first instruction of a line."""

        def on_enter(self, frame: InterpreterFrame, index: int) -> object:
            """Be called when a frame begins, goes on, or is thrown into."""

        def on_leave(
            self, frame: InterpreterFrame, index: int, value: object
        ) -> object:
            """Be called when a frame returns or yields `value`, or is unwound by it."""

        def on_raise(
            self, frame: InterpreterFrame, index: int, error: BaseException
        ) -> object:
            """Be called when an exception is raised in a frame, or comes to it."""


_ARGUMENTS = {
    "on_instruction": (EventKind.INSTRUCTION, 0),
    "on_line": (EventKind.LINE, 1),
    "on_raise": (EventKind.RAISE, 1),
}
"""By name of the hook: its event, and how much it is told besides the place."""


def attach(vm: VM, hooks: Hooks) -> Tool:
    """Have the methods of `hooks` called; returns what `detach` takes.

    Raises TypeError if there is no method to call.
    """
    callbacks: dict[int, Any] = {}
    attached: list[Tool] = []

    def off() -> None:
        while attached:
            detach(vm, attached.pop())

    for name, (kind, count) in _ARGUMENTS.items():
        if hasattr(hooks, name):
            callbacks[kind] = _guarded(getattr(hooks, name), count, off)
    for name, kinds, count in (("on_enter", ENTER, 0), ("on_leave", LEAVE, 1)):
        if hasattr(hooks, name):
            hook = _guarded(getattr(hooks, name), count, off)
            callbacks.update(dict.fromkeys(kinds, hook))
    if not callbacks:
        raise TypeError(f"{type(hooks).__name__} object has no hook: see vm.hooks")
    tool = add_tool(vm, frozenset(callbacks), callbacks)
    attached.append(tool)
    return tool


def detach(vm: VM, tool: Tool) -> None:
    """Have them called no more."""
    remove_tool(vm, tool)


def _guarded(
    hook: Callable[..., object], count: int, off: Callable[[], None]
) -> Callable[..., None]:
    def call(frame: InterpreterFrame, index: int, *told: Any) -> None:
        thread = frame.thread
        thread.tracing += 1  # a hook of the program's module is run by the VM too
        try:
            hook(frame, index, *told[:count])
        except BaseException as error:
            off()
            unraisable(error, hook)
        finally:
            thread.tracing -= 1

    return call
