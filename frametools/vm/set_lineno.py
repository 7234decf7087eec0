"""`frame.f_lineno = line` in a trace function: frameobject.c's `frame_setlineno`.

The value stack is followed through the code as a number with three bits per item
(`mark_stacks`), so that it is known at each instruction what lies on it. A jump is
legal if the stack here, with items popped, fits the stack there.
"""

from __future__ import annotations

import dis
import warnings
from typing import TYPE_CHECKING, Any

from frametools._python import (
    CALLABLE_COMES_FIRST,
    EMPTY_FRAMES_CANNOT_JUMP,
    GIVES_UNBOUND_LOCALS_NONE,
    HAS_MONITORING,
    ITERATORS_TAKE_TWO_SLOTS,
)
from frametools.vm._builtins import (
    RuntimeWarning,
    ValueError,
    enumerate,
    int,
    len,
    min,
    range,
    type,
)
from frametools.vm.code import RESUMABLE
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    C_RETURN,
    CALL,
    JUMP,
    LINE,
    PY_RESUME,
    PY_START,
    PY_YIELD,
)
from frametools.vm.frame import NULL

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.frame_object import FrameObject

_INT_MAX = 2**31 - 1

_BITS = 3
_ITERATOR, _EXCEPT, _OBJECT, _NULL, _LASTI = range(1, 6)
_UNINITIALIZED, _OVERFLOWED, _EMPTY = -2, -1, 0
_WILL_OVERFLOW = 1 << (63 // _BITS - 1) * _BITS

_EXPLAINED = {
    _EXCEPT: "can't jump into an 'except' block as there's no exception",
    _LASTI: "can't jump into a re-raising block as there's no location",
    _OBJECT: "incompatible stacks",
    _NULL: "incompatible stacks",
    _ITERATOR: "can't jump into the body of a for loop",
}
_ENDS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"})
_ALLOWED = frozenset(
    {LINE, PY_RESUME, JUMP, BRANCH, BRANCH_LEFT, BRANCH_RIGHT, PY_YIELD}
    if HAS_MONITORING
    else {LINE, PY_YIELD}
)


def set_lineno(shown: FrameObject, line: Any) -> None:
    """Let a frame go on at the first instruction of a line; ValueError if it cannot."""
    if type(line) is not int:
        raise ValueError("lineno must be an integer")
    frame = shown.f_frame
    _check_event(shown, frame.thread.what_event)
    if not -_INT_MAX - 1 <= line <= _INT_MAX:
        raise ValueError("lineno out of range")
    code = frame.code
    if line < code.co.co_firstlineno:
        raise ValueError(f"line {line} comes before the current code block")
    starts = _marked_lines(code)
    later = [start for start in starts.values() if start >= line]
    if not later:
        raise ValueError(f"line {line} comes after the current code block")
    _jump(frame, min(later), starts)
    shown.data.f_lineno = 0


def _check_event(shown: FrameObject, event: int) -> None:
    if event < 0 and HAS_MONITORING:
        raise ValueError("f_lineno can only be set in a trace function")
    if event == PY_START or (event == PY_RESUME and not HAS_MONITORING):
        raise ValueError("can't jump from the 'call' trace event of a new frame")
    if event in (CALL, C_RETURN) and HAS_MONITORING:
        raise ValueError("can't jump during a call")
    # At a yield, what is yielded is on the stack still.
    is_empty = event == PY_YIELD and len(shown.f_frame.localsplus) == 1
    if event not in _ALLOWED or (is_empty and EMPTY_FRAMES_CANNOT_JUMP):
        raise ValueError("can only jump from a 'line' trace event")
    if not HAS_MONITORING and shown.data.f_trace is None:
        raise ValueError("f_lineno can only be set by a trace function")


def _marked_lines(code: Code) -> dict[int, int]:
    """Return the line of each instruction that begins an entry of another line."""
    index_at = {i.offset: i.index for i in code.instructions}
    found: dict[int, int] = {}
    last = None
    for start, end, line in code.co.co_lines():
        if line is None or line == last:
            continue
        at = start
        while at not in index_at and at < end:  # an EXTENDED_ARG
            at += 2
        if at in index_at:
            found[index_at[at]] = line
        last = line
    return found


def _jump(frame: InterpreterFrame, line: int, starts: dict[int, int]) -> None:
    code = frame.code
    stacks = mark_stacks(code)
    here = stacks[frame.instr_ptr]
    best, target = _OVERFLOWED, -1
    message: str | None = "cannot find bytecode for specified line"
    explained = False
    for index, start in starts.items():
        if start != line:
            continue
        there = stacks[index]
        if _is_compatible(here, there):
            message = None
            if there > best:
                best, target = there, index
        elif message is not None and not explained:
            message, explained = _explain(here, there)
    if message is not None:
        raise ValueError(message)
    _bind_unbound(frame)
    _pop(frame, here, best)
    frame.instr.__setstate__(target)
    frame.thread.jumped = target, target


def _explain(here: int, there: int) -> tuple[str, bool]:
    if here == _OVERFLOWED:
        return "stack to deep to analyze", False
    if here == _UNINITIALIZED:
        return "can't jump from unreachable code", False
    if there == _OVERFLOWED:
        return "stack is too deep to analyze", True
    if there == _UNINITIALIZED:
        what = "can't jump into an exception handler, or code may be unreachable"
        return what, True
    return _EXPLAINED[there & 7], True


def _is_compatible(here: int, there: int) -> bool:
    if here < 0 or there < 0:
        return False
    while here > there:
        here >>= _BITS
    while here:
        if not _is_kind(here & 7, there & 7):
            return False
        here >>= _BITS
        there >>= _BITS
    return there == _EMPTY


def _is_kind(here: int, there: int) -> bool:
    if there == _OBJECT:
        return here != _NULL
    return there == _NULL or (there != 0 and here == there)


def _bind_unbound(frame: InterpreterFrame) -> None:
    """Give locals a value that the compiler may rely on where the jump goes."""
    if not GIVES_UNBOUND_LOCALS_NONE:
        return
    slots = range(frame.code.nlocalsplus)
    unbound = [at for at in slots if frame.localsplus[at] is NULL]
    if unbound:
        plural = "" if len(unbound) == 1 else "s"
        message = f"assigning None to {len(unbound)} unbound local{plural}"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
        for at in unbound:
            frame.localsplus[at] = None


def _pop(frame: InterpreterFrame, here: int, there: int) -> None:
    """Pop what the stack there has not; handled exceptions off their stack too."""
    stack, yielded = frame.localsplus, NULL
    if frame.thread.what_event == PY_YIELD:
        yielded = stack.pop()
        here >>= _BITS
    while here > there:
        item = stack.pop()
        if here & 7 == _EXCEPT:
            frame.thread.exc_info.exc_value = item
        here >>= _BITS
    if yielded is not NULL:
        stack.append(yielded)


# --- what lies on the stack ---


def mark_stacks(code: Code) -> list[int]:
    """Return the kinds of what is on the stack before each instruction."""
    stacks = [_UNINITIALIZED] * (len(code.instructions) + 1)
    is_resumable = code.co.co_flags & RESUMABLE
    # Generators are sent None while they start.
    stacks[0] = _OBJECT if is_resumable and STARTS_WITH_SENT_VALUE else _EMPTY
    while _mark(code, stacks):
        pass
    return stacks


STARTS_WITH_SENT_VALUE = not dis.stack_effect(dis.opmap["RETURN_GENERATOR"])
"""Else RETURN_GENERATOR has the effect of pushing it."""


def _mark(code: Code, stacks: list[int]) -> bool:
    """Go through the code once; True if what lies before is known better now."""
    again = False
    for instruction in code.instructions:
        index = instruction.index
        stack = stacks[index]
        if stack == _UNINITIALIZED:
            continue
        there, after = _effect(instruction, stack)
        if instruction.target is not None and there is not None:
            again |= stacks[instruction.target] == _UNINITIALIZED and (
                instruction.target < index
            )
            stacks[instruction.target] = there
        if after is not None:
            stacks[index + 1] = after
    return _mark_handlers(code, stacks) or again


def _mark_handlers(code: Code, stacks: list[int]) -> bool:
    again = False
    for index, handled in enumerate(code.handled):
        if handled is None or stacks[index] == _UNINITIALIZED:
            continue
        if stacks[handled.target] == _UNINITIALIZED:
            again = True
            stack = stacks[index]
            while _depth(stack) > handled.depth:
                stack >>= _BITS
            if handled.lasti:
                stack = _push(stack, _LASTI)
            stacks[handled.target] = _push(stack, _EXCEPT)
    return again


def _depth(stack: int) -> int:
    depth = 0
    while stack > 0:
        stack >>= _BITS
        depth += 1
    return depth


def _push(stack: int, kind: int) -> int:
    if stack < 0 or stack >= _WILL_OVERFLOW:
        return _OVERFLOWED
    return stack << _BITS | kind


def _pushed(stack: int, *kinds: int) -> int:
    for kind in kinds:
        stack = _push(stack, kind)
    return stack


def _popped(stack: int, count: int) -> int:
    return stack >> _BITS * count


def _peek(stack: int, depth: int) -> int:
    """Return the kind of the item `depth` below the top, which is 1."""
    return stack >> _BITS * (depth - 1) & 7


def _effect(instruction: Instruction, stack: int) -> tuple[int | None, int | None]:
    """Return the stack at the target, and behind; None if control does not go there."""
    opname, oparg = instruction.opname, instruction.oparg
    if opname in _ENDS:
        return None, None
    if opname in _EFFECTS:
        return None, _EFFECTS[opname](stack, oparg)
    if opname.startswith("POP_JUMP_"):
        return _popped(stack, 1), _popped(stack, 1)
    if opname.startswith("JUMP_"):
        goes_on = opname.startswith("JUMP_IF_")
        return stack, _popped(stack, 1) if goes_on else None
    if opname in ("SEND", "FOR_ITER"):
        return _at_iterator(opname, stack)
    return None, _by_effect(instruction, stack)


def _at_iterator(opname: str, stack: int) -> tuple[int, int]:
    after = stack if opname == "SEND" else _push(stack, _OBJECT)
    return after if HAS_MONITORING else _popped(stack, 1), after


def _by_effect(instruction: Instruction, stack: int) -> int:
    op = dis.opmap[instruction.opname]
    oparg = instruction.oparg if op in _TAKES_ARGUMENT else None
    delta = dis.stack_effect(op, oparg, jump=False)
    if delta < 0:
        return _popped(stack, -delta)
    return _pushed(stack, *(_OBJECT,) * delta)


_TAKES_ARGUMENT = (
    frozenset(dis.hasarg)
    if HAS_MONITORING
    else frozenset(range(dis.HAVE_ARGUMENT, 256))
)


def _with_null(stack: int, oparg: int) -> int:
    """Push what LOAD_GLOBAL and LOAD_ATTR push to be called, or only the value."""
    if not oparg & 1:
        return _push(stack, _OBJECT)
    if CALLABLE_COMES_FIRST:
        return _pushed(stack, _OBJECT, _NULL)
    return _pushed(stack, _NULL, _OBJECT)


def _swap(stack: int, oparg: int) -> int:
    top, other = _peek(stack, 1), _peek(stack, oparg)
    at = _BITS * (oparg - 1)
    return stack & ~7 & ~(7 << at) | other | top << at


def _get_iter(stack: int, _oparg: int) -> int:
    stack = _push(_popped(stack, 1), _ITERATOR)
    return _push(stack, _ITERATOR) if ITERATORS_TAKE_TWO_SLOTS else stack


_EFFECTS: dict[str, Any] = {
    "GET_ITER": _get_iter,
    "GET_AITER": lambda stack, _: _push(_popped(stack, 1), _ITERATOR),
    "END_ASYNC_FOR": lambda stack, _: _popped(stack, 2),
    "PUSH_EXC_INFO": lambda stack, _: _push(stack, _EXCEPT),
    "POP_EXCEPT": lambda stack, _: _popped(stack, 1),
    "PUSH_NULL": lambda stack, _: _push(stack, _NULL),
    "LOAD_GLOBAL": _with_null,
    "LOAD_ATTR": (
        (lambda stack, oparg: _with_null(_popped(stack, 1), oparg))
        if HAS_MONITORING
        else (lambda stack, _: _push(_popped(stack, 1), _OBJECT))
    ),
    "LOAD_METHOD": lambda stack, _: _pushed(_popped(stack, 1), _NULL, _OBJECT),
    "SWAP": _swap,
    "COPY": lambda stack, oparg: _push(stack, _peek(stack, oparg)),
}
if HAS_MONITORING:  # before, PRECALL pops the arguments
    _EFFECTS["CALL"] = lambda stack, oparg: _push(_popped(stack, oparg + 2), _OBJECT)
