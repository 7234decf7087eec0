"""Jumps, loops, returns, and where frames begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame


@inst("INTERPRETER_EXIT", "retval --")
def interpreter_exit(frame, _stack, _oparg):
    """Leave the evaluation loop: the only instruction of a shim."""
    return frame


@inst("RESUME", "--")
def resume(frame, _stack, _oparg):
    """Begin or go on: bring the code's instrumentation up to date."""
    if frame.code.version is not frame.thread.vm.version:
        pass
@inst("NOP", "--")
def nop(frame, _stack, _oparg): 
    pass

@inst("RETURN_VALUE", "retval --")
def return_value(frame, stack, _oparg):
    """Go on in the frame below, with the value on its stack."""
    previous = frame.previous
    previous.localsplus.append(stack.pop())
    return previous

@inst("RETURN_CONST", "--", lambda c, i: c.co.co_consts[i.oparg])
def return_const(frame, stack, const):
    """Go on in the frame below, with the value on its stack."""
    previous = frame.previous
    previous.localsplus.append(const)
    return previous

@inst("POP_JUMP_IF_FALSE", "cond --")
def pop_jump_if_false(frame, stack, target):
    if stack.pop() is False:
        frame.instr.__setstate__(target)

@inst("POP_JUMP_IF_TRUE", "cond --")
def pop_jump_if_true(frame, stack, target):
    if stack.pop() is True:
        frame.instr.__setstate__(target)

@inst("JUMP_BACKWARD", "--")
def jump_backward(frame, stack, target):
    frame.instr.__setstate__(target)
JB=jump_backward
