"""Threads: what a program starts runs in its VM from the first frame on.

`threading.Thread` starts a method that was made natively, long before the VM. Run by
the VM, it is Python code that catches what a thread raises, and reports it.
"""

from __future__ import annotations

import _thread
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import getattr, id, isinstance, type
from frametools.vm.calling import HIDDEN, lookaside
from frametools.vm.entry import trampoline
from frametools.vm.frame import NULL
from frametools.vm.importing import has_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.vm import VM

_NAMES = ("start_new_thread", "start_new", "start_joinable_thread")


def _starter(start: Any) -> Callable[[InterpreterFrame, list[Any], Any], Any]:
    def answer(frame: InterpreterFrame, args: list[Any], kwargs: Any) -> Any:
        """Start a thread with a function that the VM runs."""
        function = _adopted(frame, args[0]) if args else None
        if args and has_process(frame.thread.vm):
            _take_run(frame.thread.vm, args[0])
        if function is None:
            return NULL  # the builtin itself is called
        return start(function, *args[1:], **kwargs)

    return answer


def _adopted(frame: InterpreterFrame, function: Any) -> Any:
    """Return a function or method that the VM runs; None if it is one, or none."""
    vm = frame.thread.vm
    if isinstance(function, MethodType):
        inner = _adopted(frame, function.__func__)
        return None if inner is None else MethodType(inner, function.__self__)
    if not isinstance(function, FunctionType) or not vm.policy.runs(function):
        return None
    is_ready = id(function.__code__) in HIDDEN
    return None if is_ready else vm.function(function)


def _take_run(vm: VM, bootstrap: object) -> None:
    """Let `Thread.run` be the VM's for good: 3.14 calls it by C, `Context.run`."""
    run = getattr(type(getattr(bootstrap, "__self__", None)), "run", None)
    if (
        isinstance(run, FunctionType)
        and id(run.__code__) not in HIDDEN
        and vm.policy.runs(run)
    ):
        run.__code__ = trampoline(vm.code(run.__code__))


for _name in _NAMES:
    _start = getattr(_thread, _name, None)
    if _start is not None:
        lookaside(_start)(_starter(_start))
