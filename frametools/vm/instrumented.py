"""Handlers of watched instructions: they fire events, and call the handler.

At one instruction the order is that of CPython: LINE, INSTRUCTION, then the event that
belongs to the instruction. Each is a layer around what is below it: an entry of
`Code.ops` whose operand is a `Point` with the entry below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._python import (
    BACKWARD_JUMPS_START_LINES,
    FORGETS_LINE_OF_CALL,
    HAS_BRANCH_SIDES,
    HAS_MONITORING,
    JUMPS_FROM_YIELD,
    RESUME_HIDES_LINE,
)
from frametools.vm._builtins import (
    StopIteration,
    all,
    bool,
    id,
    len,
    range,
    tuple,
    type,
)
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    CALL,
    INSTRUCTION,
    JUMP,
    LINE,
    PY_RESUME,
    PY_RETURN,
    PY_START,
    PY_YIELD,
    RAISE,
    STOP_ITERATION,
    event_at,
)
from frametools.vm.firing import Point, fire
from frametools.vm.frame import NULL
from frametools.vm.instrumented_calls import (
    followed_method,
    instrumented_call,
    instrumented_call_ex,
    instrumented_call_kw,
    instrumented_super,
    loads_method,
)
from frametools.vm.instrumented_jumps import (
    followed_for_iter,
    followed_jump,
    instrumented_branch,
    instrumented_branch_right,
    instrumented_end_async_for,
    instrumented_for_iter,
    instrumented_jump,
    instrumented_not_taken,
    instrumented_pop_iter,
    watched_for_iter,
)

if TYPE_CHECKING:
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler
    from frametools.vm.instrumentation import CodeEvents

    Frame = InterpreterFrame
    Stack = list[Any]


_NO_INSTRUCTION_EVENT = frozenset({"RESUME", "END_FOR"})


def instrumented(code: Code, data: CodeEvents, index: int) -> tuple[Handler, Any]:
    """Return the entry of `ops` for an instruction as it is watched now."""
    entry = code.plain_ops[index]
    active = data.active
    if not active or index < code.first_traceable:
        return entry
    event = event_at(code, index)
    if event is not None and _is_watched(data, index, event):
        entry = _own_layer(code, data, index, event, entry)
    opname = code.instructions[index].opname
    if opname == "FOR_ITER" and entry is code.plain_ops[index]:
        entry = _loop_layer(code, data, index, entry)
    if _jumps_are_followed(active) and _may_jump(code, index):
        entry = followed_jump, Point(code, index, JUMP, entry)
    if CALL in active and loads_method(code, index):
        entry = followed_method, Point(code, index, CALL, entry)
    if opname not in _NO_INSTRUCTION_EVENT and _is_watched(data, index, INSTRUCTION):
        point = Point(code, index, INSTRUCTION, entry)
        start = code.instructions[index - 1].end if index else 0
        point.value = range(start, point.offset, 2)
        entry = instrumented_instruction, point
    if LINE in active and _is_watched(data, index, LINE):
        entry = _line_layer(code, data, index, entry)
    if FORGETS_LINE_OF_CALL and opname == "CALL" and index + 1 in (data.lines or ()):
        entry = followed_call, Point(code, index, CALL, entry)
    return entry


def _loop_layer(
    code: Code, data: CodeEvents, index: int, entry: tuple[Handler, Any]
) -> tuple[Handler, Any]:
    """Return the entry of a FOR_ITER that has no event of its own."""
    active, lines = data.active, data.lines
    if INSTRUCTION in active or (LINE in active and lines and index in lines):
        return followed_for_iter, Point(code, index, INSTRUCTION, entry)
    if RAISE in active:
        return watched_for_iter, Point(code, index, RAISE, entry)
    return entry


def _line_layer(
    code: Code, data: CodeEvents, index: int, entry: tuple[Handler, Any]
) -> tuple[Handler, Any]:
    line = None if data.lines is None else data.lines.get(index)
    if line is None:
        return entry
    point = Point(code, index, LINE, entry)
    point.value = line
    if FORGETS_LINE_OF_CALL and code.instructions[index - 1].opname == "CALL":
        return line_behind_call, point
    return instrumented_line, point


def _is_watched(data: CodeEvents, index: int, event: int) -> bool:
    tools = data.active.get(event)
    if not tools:
        return False
    disabled = data.disabled.get((index, event))
    return not disabled or not all(tool.id in disabled for tool in tools)


def _jumps_are_followed(active: dict[int, Any]) -> bool:
    return LINE in active or (HAS_BRANCH_SIDES and BRANCH_RIGHT in active)


def _may_jump(code: Code, index: int) -> bool:
    return code.instructions[index].target is not None


def _own_layer(
    code: Code, data: CodeEvents, index: int, event: int, entry: tuple[Handler, Any]
) -> tuple[Handler, Any]:
    opname = code.instructions[index].opname
    tools = data.active[event]
    if len(tools) == 1 and event in _BY_ONE and tools[0].takes_frames:
        wrap = tools[0].wrappers.get(event)
        if wrap is not None:
            wrapped: tuple[Handler, Any] = wrap(code, index, *entry)
            return wrapped
        callback = tools[0].callbacks.get(event)
        if callback is not None:
            tell = return_const_for_one if opname == "RETURN_CONST" else _BY_ONE[event]
            return tell, (callback, index, *entry)
    handler = _BY_OPCODE.get(opname) or _BY_EVENT[event]
    return handler, Point(code, index, event, entry)


# --- LINE, INSTRUCTION ---


def instrumented_line(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire LINE if control has come from another line."""
    thread = frame.thread
    if not thread.tracing:
        jumped, thread.jumped = thread.jumped, None
        index = point.index
        came_from = jumped[1] if jumped and jumped[0] == index else index - 1
        if came_from < 0 or _is_new_line(point, came_from):
            instr = frame.instr
            place = instr.__length_hint__()
            fire(frame, point, LINE, point.value)
            if instr.__length_hint__() != place:
                return None
    return point.handler(frame, stack, point.operand)


def followed_call(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Note that a call is one of a Python function."""
    inlining = frame.thread.inlining
    inlining.discard(id(frame))
    switch = point.handler(frame, stack, point.operand)
    if switch is not None and switch is not frame:
        inlining.add(id(frame))
    return switch


def line_behind_call(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire LINE also if a Python function has returned to here."""
    thread = frame.thread
    if id(frame) in thread.inlining:
        thread.inlining.discard(id(frame))
        if thread.jumped is None or thread.jumped[0] != point.index:
            thread.jumped = point.index, -1
    return instrumented_line(frame, stack, point)


def _is_new_line_always_after_resume(point: Point, came_from: int) -> bool:
    code = point.code
    return (
        code.line(came_from) != point.value
        or code.instructions[came_from].opname == "RESUME"
    )


def _is_new_line_unless_behind_resume(point: Point, came_from: int) -> bool:
    code = point.code
    if code.line(came_from) != point.value:
        return True
    if code.instructions[came_from].opname != "RESUME":
        return False
    event = PY_START if came_from == code.first_traceable else PY_RESUME
    return event in code.local_events.active


def _is_new_line_or_backward(point: Point, came_from: int) -> bool:
    code = point.code
    if came_from <= code.first_traceable or code.line(came_from) != point.value:
        return True
    backward = came_from > point.index
    return backward and code.instructions[point.index].opname != "SEND"


_is_new_line = (
    _is_new_line_or_backward
    if BACKWARD_JUMPS_START_LINES
    else _is_new_line_unless_behind_resume
    if RESUME_HIDES_LINE
    else _is_new_line_always_after_resume
)


def instrumented_instruction(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire INSTRUCTION, for EXTENDED_ARGs too."""
    thread = frame.thread
    if not thread.tracing:
        came_from, thread.jumped = thread.jumped, None
        instr = frame.instr
        place = instr.__length_hint__()
        offset = point.offset
        for before in point.value:
            point.offset = before
            fire(frame, point, INSTRUCTION)
            if not HAS_MONITORING:
                break  # 3.11 tells of an instruction once, where it begins
        else:
            point.offset = offset
            fire(frame, point, INSTRUCTION)
        point.offset = offset
        if instr.__length_hint__() != place:
            return None
        thread.jumped = came_from
    return point.handler(frame, stack, point.operand)


# --- frames begin, yield, return ---


def instrumented_resume(frame: Frame, _stack: Stack, point: Point) -> Frame | None:
    """Fire PY_START or PY_RESUME, once the code is up to date."""
    vm = frame.thread.vm
    if frame.code.version is not vm.version:
        return vm.instrument(frame)
    fire(frame, point, point.event)
    return None


def instrumented_return(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire PY_RETURN or PY_YIELD with the value."""
    fire(frame, point, point.event, stack[-1])
    return point.handler(frame, stack, point.operand)


def instrumented_yield(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire PY_YIELD; a jump that the callback makes is followed at once."""
    instr = frame.instr
    place = instr.__length_hint__()
    fire(frame, point, PY_YIELD, stack[-1])
    if instr.__length_hint__() != place:
        stack.pop()
        return None
    return point.handler(frame, stack, point.operand)


def instrumented_return_const(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire PY_RETURN with the constant."""
    fire(frame, point, PY_RETURN, point.operand)
    return point.handler(frame, stack, point.operand)


def resume_for_one(frame: Frame, _stack: Stack, one: Any) -> Frame | None:
    """Tell the only one who watches, a tool of ours: PY_START, PY_RESUME."""
    callback, index, _, _ = one
    thread = frame.thread
    if frame.code.version is not thread.vm.version:
        return thread.vm.instrument(frame)
    if not thread.tracing:
        callback(frame, index)
    return None


def return_for_one(frame: Frame, stack: Stack, one: Any) -> Frame | None:
    """Tell the only one who watches, a tool of ours: PY_RETURN, PY_YIELD."""
    callback, index, handler, operand = one
    if not frame.thread.tracing:
        callback(frame, index, stack[-1])
    return handler(frame, stack, operand)  # type: ignore[no-any-return]


def yield_for_one(frame: Frame, stack: Stack, one: Any) -> Frame | None:
    """Tell the only one who watches of a yield; a jump is followed at once."""
    callback, index, handler, operand = one
    if not frame.thread.tracing:
        instr = frame.instr
        place = instr.__length_hint__()
        callback(frame, index, stack[-1])
        if instr.__length_hint__() != place:
            stack.pop()
            return None
    return handler(frame, stack, operand)  # type: ignore[no-any-return]


def return_const_for_one(frame: Frame, stack: Stack, one: Any) -> Frame | None:
    """Tell the only one who watches of a constant that is returned."""
    callback, index, handler, operand = one
    if not frame.thread.tracing:
        callback(frame, index, operand)
    return handler(frame, stack, operand)  # type: ignore[no-any-return]


# --- the end of what is delegated to ---


def _stop(value: Any) -> StopIteration:
    return StopIteration() if value is None else StopIteration(value)


def instrumented_end_send(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire STOP_ITERATION if a generator or coroutine has returned."""
    receiver = stack[-2] if stack[-2] is not NULL else stack[-3]
    if type(receiver).__name__ in ("generator", "coroutine"):
        fire(frame, point, STOP_ITERATION, _stop(stack[-1]))
    return point.handler(frame, stack, point.operand)


def instrumented_end_for(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire STOP_ITERATION: a generator that ran in place has returned.

    CPython runs generators in place where the loop was specialised for them.
    """
    fire(frame, point, STOP_ITERATION, _stop(stack[-1]))
    return point.handler(frame, stack, point.operand)


_BY_EVENT: dict[int, Any] = {
    PY_START: instrumented_resume,
    PY_RESUME: instrumented_resume,
    PY_RETURN: instrumented_return,
    PY_YIELD: instrumented_yield if JUMPS_FROM_YIELD else instrumented_return,
    JUMP: instrumented_jump,
    BRANCH: instrumented_branch,
    BRANCH_RIGHT: instrumented_branch_right,
    BRANCH_LEFT: instrumented_not_taken,
    STOP_ITERATION: instrumented_end_send,
    CALL: instrumented_call,
}
_BY_OPCODE: dict[str, Any] = {
    "RETURN_CONST": instrumented_return_const,
    "FOR_ITER": instrumented_for_iter,
    "POP_ITER": instrumented_pop_iter,
    "END_ASYNC_FOR": instrumented_end_async_for,
    "END_FOR": instrumented_end_for,
    "CALL_KW": instrumented_call_kw,
    "CALL_FUNCTION_EX": instrumented_call_ex,
    "LOAD_SUPER_ATTR": instrumented_super,
}
_BY_ONE: dict[int, Any] = {
    PY_START: resume_for_one,
    PY_RESUME: resume_for_one,
    PY_RETURN: return_for_one,
    PY_YIELD: yield_for_one if JUMPS_FROM_YIELD else return_for_one,
}
