"""Jumps, loops, returns, and where a frame begins."""

from __future__ import annotations

import dis
from sys import getrefcount
from typing import TYPE_CHECKING, Any

from frametools._python import CLEARS_LOCALS_FORWARD
from frametools.vm._builtins import (
    IndexError,
    bytes,
    iter,
    list,
    next,
    str,
    tuple,
    type,
)
from frametools.vm.ending import NOBODY_ELSE, die_in_order
from frametools.vm.frame import NULL, Owner
from frametools.vm.instruction import inst
from frametools.vm.objects import finish, generator, get_yield_from_iter
from frametools.vm.objects import resume as resume_generator
from frametools.vm.resumption import EXECUTING, SUSPENDED

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]
    Ends = tuple[int, int, int]

_GENERATOR = Owner.GENERATOR


@inst("INTERPRETER_EXIT", "retval --")
def interpreter_exit(frame: Frame, _stack: Stack, _oparg: int) -> Frame:
    """Leave the evaluation loop: the only instruction of a shim."""
    return frame


@inst("RESUME", "--")
def resume(frame: Frame, _stack: Stack, _oparg: int) -> Frame | None:
    """Begin, or go on after a yield, with instrumentation up to date.

    As in CPython, that is the one place where a code object is found to be behind.
    """
    code = frame.code
    vm = code.vm
    if code.version is not vm.version:
        return vm.instrument(frame)
    return None


@inst("NOP", "--")
def nop(_frame: Frame, _stack: Stack, _oparg: int) -> None:
    """Do nothing."""


@inst("JUMP_FORWARD", "--")
def jump(frame: Frame, _stack: Stack, target: int) -> None:
    """Go on at the target; the same for all unconditional jumps."""
    frame.instr.__setstate__(target)


@inst("POP_JUMP_IF_FALSE", "cond --")
def pop_jump_if_false(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is false; from 3.13 on it always is a bool."""
    if not stack.pop():
        frame.instr.__setstate__(target)


@inst("POP_JUMP_IF_TRUE", "cond --")
def pop_jump_if_true(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is true; from 3.13 on it always is a bool."""
    if stack.pop():
        frame.instr.__setstate__(target)


@inst("POP_JUMP_IF_NONE", "value --")
def pop_jump_if_none(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is None."""
    if stack.pop() is None:
        frame.instr.__setstate__(target)


@inst("POP_JUMP_IF_NOT_NONE", "value --")
def pop_jump_if_not_none(frame: Frame, stack: Stack, target: int) -> None:
    """Jump if the value is not None."""
    if stack.pop() is not None:
        frame.instr.__setstate__(target)


@inst("JUMP_IF_FALSE_OR_POP", "cond -- cond if (jump)")
def jump_if_false_or_pop(frame: Frame, stack: Stack, target: int) -> None:
    """Jump and keep the value if it is false, else pop it."""
    if stack[-1]:
        stack.pop()
    else:
        frame.instr.__setstate__(target)


@inst("JUMP_IF_TRUE_OR_POP", "cond -- cond if (jump)")
def jump_if_true_or_pop(frame: Frame, stack: Stack, target: int) -> None:
    """Jump and keep the value if it is true, else pop it."""
    if stack[-1]:
        frame.instr.__setstate__(target)
    else:
        stack.pop()


@inst("GET_ITER", "iterable -- iter")
def get_iter(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Replace an iterable by its iterator."""
    stack[-1] = iter(stack[-1])


@inst("GET_ITER", "iterable -- iter, index_or_null")
def get_iter_pair(frame: Frame, stack: Stack, oparg: int) -> None:
    """Replace an iterable by its iterator and NULL; `yield from` has an oparg.

    It is 3 in a generator, 2 in one that `types.coroutine` made a coroutine of.

    What can give the item of an index (`_tp_iteritem`) stays, with the index 0.
    """
    iterable = stack[-1]
    kind = type(iterable)
    if kind is list or kind is tuple or kind is str or kind is bytes:
        stack.append(0)
        return
    if oparg >= 2:
        stack[-1] = get_yield_from_iter(frame, iterable)
    else:
        stack[-1] = iter(iterable)
    stack.append(NULL)


def next_by_index(stack: Stack) -> Any:
    """Return the next item, NULL at the end: `_PyForIter_VirtualIteratorNext`."""
    try:
        item = stack[-2][stack[-1]]
    except IndexError:
        return NULL
    stack[-1] += 1
    return item


@inst("FOR_ITER", "iter -- iter, next")
def for_iter_natively(frame: Frame, stack: Stack, target: int) -> None:
    """Push the next item, or pop the iterator and jump; a generator runs natively."""
    item = next(stack[-1], NULL)
    if item is NULL:
        stack.pop()
        frame.instr.__setstate__(target)
    else:
        stack.append(item)


def _ends(_code: Code, instruction: Instruction) -> tuple[int, int]:
    """Prepare FOR_ITER: where it ends, and where a generator returns to.

    An exhausted iterator skips END_FOR, which is for the value that a generator
    returns.
    """
    target: int = instruction.target  # type: ignore[assignment]
    return target + 1, target


def _ends_popping(_code: Code, instruction: Instruction) -> tuple[int, int]:
    """Prepare it where it pops the iterator; POP_TOP follows if END_FOR does not."""
    target: int = instruction.target  # type: ignore[assignment]
    return target + (1 if END_FOR_POPS_ITERATOR else 2), target


END_FOR_POPS_ITERATOR = (
    "END_FOR" in dis.opmap and dis.stack_effect(dis.opmap["END_FOR"]) == -2
)
"""END_FOR drops the iterator as well as what a generator returned: 3.12."""


@inst("FOR_ITER", "iter -- iter, next", prepare=_ends_popping)
def for_iter_popping(frame: Frame, stack: Stack, ends: tuple[int, int]) -> Any:
    """Push the next item, or pop the iterator and go on behind the loop."""
    iterator = stack[-1]
    if type(iterator) is generator:
        resumed = iterator.frame
        if resumed is not None:
            frame.return_offset = ends[1]
            # What `resume` does, for a generator that runs where it ran before.
            if (
                resumed.frame_state == SUSPENDED
                and resumed.exc_info is None
                and resumed.depth == frame.depth + 1
            ):
                resumed.thread = thread = frame.thread
                resumed.previous = frame
                resumed.frame_state = EXECUTING
                if resumed.return_offset and thread.vm.watching is None:
                    # See `suspended_state` in generators.py.
                    resumed.instr.__setstate__(resumed.return_offset)
                else:
                    resumed.localsplus.append(None)
                return resumed
            return resume_generator(iterator, frame)
    item = next(iterator, NULL)
    if item is NULL:
        stack.pop()
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


@inst("FOR_ITER", "iter -- iter, next", prepare=_ends)
def for_iter(frame: Frame, stack: Stack, ends: tuple[int, int]) -> Any:
    """Push the next item, or go on at POP_ITER."""
    iterator = stack[-1]
    if type(iterator) is generator and iterator.frame is not None:
        frame.return_offset = ends[1]
        return resume_generator(iterator, frame)
    item = next(iterator, NULL)
    if item is NULL:
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


@inst("FOR_ITER", "iter, null_or_index -- iter, null_or_index, next", prepare=_ends)
def for_iter_pair(frame: Frame, stack: Stack, ends: tuple[int, int]) -> Any:
    """Push the next item, or go on at POP_ITER; the iterator takes two slots."""
    iterator = stack[-2]
    if type(iterator) is generator and iterator.frame is not None:
        frame.return_offset = ends[1]
        return resume_generator(iterator, frame)
    index = stack[-1]
    item = next(iterator, NULL) if index is NULL else next_by_index(stack)
    if item is NULL:
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


# A jump back to FOR_ITER, and FOR_ITER, in one: that saves a loop a tenth of its time.
# The instruction pointer is where FOR_ITER would have it. They stand in `Code.ops` only
# while nobody watches the code.


def jump_to_for_iter_popping(frame: Frame, stack: Stack, ends: Ends) -> Any:
    """Do JUMP_BACKWARD, then `for_iter_popping`."""
    frame.instr.__setstate__(ends[2])
    iterator = stack[-1]
    if type(iterator) is generator:
        resumed = iterator.frame
        if resumed is not None:
            frame.return_offset = ends[1]
            if (
                resumed.frame_state == SUSPENDED
                and resumed.exc_info is None
                and resumed.depth == frame.depth + 1
            ):
                resumed.thread = thread = frame.thread
                resumed.previous = frame
                resumed.frame_state = EXECUTING
                if resumed.return_offset and thread.vm.watching is None:
                    resumed.instr.__setstate__(resumed.return_offset)
                else:
                    resumed.localsplus.append(None)
                return resumed
            return resume_generator(iterator, frame)
    item = next(iterator, NULL)
    if item is NULL:
        stack.pop()
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


def jump_to_for_iter(frame: Frame, stack: Stack, ends: Ends) -> Any:
    """Do JUMP_BACKWARD, then `for_iter`."""
    frame.instr.__setstate__(ends[2])
    iterator = stack[-1]
    if type(iterator) is generator and iterator.frame is not None:
        frame.return_offset = ends[1]
        return resume_generator(iterator, frame)
    item = next(iterator, NULL)
    if item is NULL:
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


def jump_to_for_iter_pair(frame: Frame, stack: Stack, ends: Ends) -> Any:
    """Do JUMP_BACKWARD, then `for_iter_pair`."""
    frame.instr.__setstate__(ends[2])
    iterator = stack[-2]
    if type(iterator) is generator and iterator.frame is not None:
        frame.return_offset = ends[1]
        return resume_generator(iterator, frame)
    index = stack[-1]
    item = next(iterator, NULL) if index is NULL else next_by_index(stack)
    if item is NULL:
        frame.instr.__setstate__(ends[0])
    else:
        stack.append(item)
    return None


JUMPS_TO: dict[Any, Any] = {
    for_iter_popping: jump_to_for_iter_popping,
    for_iter: jump_to_for_iter,
    for_iter_pair: jump_to_for_iter_pair,
}
"""By the handler that is jumped to: both in one."""


@inst("END_FOR", "iter, value --")
def end_for_pair(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop what a generator returned, and the generator."""
    del stack[-2:]


@inst("END_FOR", "value --")
def end_for(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop what a generator returned."""
    stack.pop()


@inst("POP_ITER", "iter --")
def pop_iter(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop an iterator."""
    stack.pop()


@inst("POP_ITER", "iter, index_or_null --")
def pop_iter_pair(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop an iterator of two slots."""
    del stack[-2:]


@inst("RETURN_VALUE", "retval --")
def return_value_in_order(frame: Frame, stack: Stack, _oparg: int) -> Frame:
    """Do RETURN_VALUE where the variables die first to last."""
    previous = frame.previous
    previous.localsplus.append(stack.pop())  # type: ignore[union-attr]
    if frame.owner is _GENERATOR or frame.frame_obj is not None:
        finish(frame)
    elif getrefcount(frame) == NOBODY_ELSE:
        stack.reverse()
    else:
        die_in_order(frame)
    return previous  # type: ignore[return-value]


def _in_order(code: Code, instruction: Instruction) -> Any:
    """Choose one of these two where there are variables that have an order."""
    if not CLEARS_LOCALS_FORWARD or code.nlocalsplus < 2:
        return None
    is_const = instruction.opname == "RETURN_CONST"
    return return_const_in_order if is_const else return_value_in_order


@inst("RETURN_VALUE", "retval --", choose=_in_order)
def return_value(frame: Frame, stack: Stack, _oparg: int) -> Frame:
    """Go on in the frame below, with the value on its stack."""
    previous = frame.previous
    previous.localsplus.append(stack.pop())  # type: ignore[union-attr]
    if frame.owner is _GENERATOR or frame.frame_obj is not None:
        finish(frame)
    return previous  # type: ignore[return-value]


def _constant(code: Code, instruction: Instruction) -> Any:
    """Prepare a constant."""
    return code.co.co_consts[instruction.oparg]


@inst("RETURN_CONST", "--", prepare=_constant, choose=_in_order)
def return_const(frame: Frame, _stack: Stack, const: Any) -> Frame:
    """Go on in the frame below, with a constant on its stack."""
    previous = frame.previous
    previous.localsplus.append(const)  # type: ignore[union-attr]
    if frame.owner is _GENERATOR or frame.frame_obj is not None:
        finish(frame)
    return previous  # type: ignore[return-value]


@inst("RETURN_CONST", "--", prepare=_constant)
def return_const_in_order(frame: Frame, stack: Stack, const: Any) -> Frame:
    """Do RETURN_CONST where the variables die first to last."""
    previous = frame.previous
    previous.localsplus.append(const)  # type: ignore[union-attr]
    if frame.owner is _GENERATOR or frame.frame_obj is not None:
        finish(frame)
    elif getrefcount(frame) == NOBODY_ELSE:
        stack.reverse()
    else:
        die_in_order(frame)
    return previous  # type: ignore[return-value]
