"""Signal handlers of programs run between two instructions of the VM.

The host runs a handler wherever the main thread is, which most often is in the midst of
our own code: what it raised there would leave the VM half-way through a change. So a
handler that a program sets is wrapped:

    signal --> Handler --in native code--> the program's handler, at once
                  |
                  '-- in our code --> pending; `code.ops` are patched so that the next
                                      instruction, whichever it is, delivers it first

as `_Py_HandlePending` does between instructions (Python/ceval_gil.c). Costs nothing
while there is no signal, then about 0.1 us per code object that the VM knows.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
from _thread import get_ident
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    ValueError,
    any,
    callable,
    enumerate,
    len,
    list,
    range,
    set,
    tuple,
    type,
)
from frametools.vm.frame_object import of
from frametools.vm.tracebacks import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.vm import VM

_set, _get = _signal.signal, _signal.getsignal
_SIGINT = _signal.SIGINT


class Handler:
    """Stands for a program's handler of a signal."""

    __slots__ = ("handler", "vm")

    def __init__(self, handler: Callable[[int, Any], object], vm: VM) -> None:
        self.handler = handler
        self.vm = vm

    def __call__(self, number: int, host_frame: FrameType | None) -> object:
        """Handle the signal now, or soon."""
        thread = self.vm.threads.get(get_ident())
        if thread is None or thread.current_frame is None:
            return self.handler(number, host_frame)
        frame = thread.current_frame
        if host_frame is not None and is_ours(host_frame.f_code):
            pending = self.vm.pending
            # A signal is handled once, however often it came in the meantime.
            if not any(number == other for _, other, _ in pending):
                pending.append((self.handler, number, thread))
            _request(self.vm, frame)
            return None
        return self.handler(number, of(frame))


def wrapped(handler: Any, vm: VM) -> Any:
    """Return what to set for a program's handler."""
    is_plain = not callable(handler) or type(handler) is Handler
    return handler if is_plain else Handler(handler, vm)


def original(handler: Any) -> Any:
    """Return the handler that a program has set."""
    return handler.handler if type(handler) is Handler else handler


def begin(vm: VM) -> None:
    """Take over what handles Ctrl-C, if that is Python's own."""
    handler = _get(_SIGINT)
    if handler is _signal.default_int_handler:
        _try_to_set(_SIGINT, Handler(handler, vm))


def end(vm: VM) -> None:
    """Give it back, and handle what is pending still."""
    handler = _get(_SIGINT)
    if type(handler) is Handler and handler.handler is _signal.default_int_handler:
        _try_to_set(_SIGINT, handler.handler)
    while vm.pending:
        handle, number, _ = vm.pending.pop(0)
        handle(number, None)


def _try_to_set(number: int, handler: Any) -> None:
    try:
        _set(number, handler)
    except ValueError:  # not in the main thread, which alone handles signals
        return


def _request(vm: VM, frame: InterpreterFrame) -> None:
    """Let the next instruction be `_deliver`."""
    running: set[Code] = set()
    below: InterpreterFrame | None = frame
    while below is not None:
        running.add(below.code)
        below = below.previous
    for code in running:
        _patch(code, range(len(code.ops)))
    # A frame that is just being made begins with a RESUME.
    for code in list(vm.decoded.values()):
        if code not in running and code.is_decoded:
            _patch(code, code.resumes)


def request_in(code: Code) -> None:
    """Let `_deliver` be next in code whose `ops` were made while signals came in."""
    _patch(code, range(len(code.ops)))


def _patch(code: Code, indexes: Any) -> None:
    ops = code.ops
    for index in indexes:
        entry = ops[index]
        if entry[0] is not _deliver:
            ops[index] = _deliver, entry


def _deliver(frame: InterpreterFrame, stack: list[Any], entry: Any) -> Any:
    """Handle what is pending, then execute the instruction that is due."""
    vm = frame.thread.vm
    if vm.pending and vm.pending[0][2] is not frame.thread:
        handler, operand = entry  # only the main thread handles signals
        return handler(frame, stack, operand)
    for code in list(vm.decoded.values()):
        if not code.is_decoded:
            continue
        for index, (handler, original_entry) in enumerate(tuple(code.ops)):
            if handler is _deliver:
                code.ops[index] = original_entry
    while vm.pending:
        handle, number, _ = vm.pending.pop(0)
        handle(number, of(frame))
    # Not the entry: what watches may have changed.
    frame.instr.__setstate__(frame.instr_ptr)
    return None
