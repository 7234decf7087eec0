"""Handlers of instructions that are watched: they fire events, and call the handler.

At one instruction the order is that of CPython: LINE, INSTRUCTION, then the event that
belongs to the instruction. Each is a layer around what is below it: an entry of
`Code.ops` whose operand is a `Point` with the entry below.
"""

from __future__ import annotations

from functools import partial
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from frametools._python import (
    BACKWARD_JUMPS_START_LINES,
    CALLABLE_COMES_FIRST,
    EXPANDS_METHODS_BEFORE_CALL,
    HAS_BRANCH_SIDES,
    HAS_MONITORING,
    RESUME_HIDES_LINE,
    TELLS_CALLS_WITH_STARS,
)
from frametools.vm._builtins import (
    BaseException,
    StopAsyncIteration,
    StopIteration,
    all,
    bool,
    hasattr,
    isinstance,
    iter,
    len,
    next,
    range,
    tuple,
    type,
)
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    C_RAISE,
    C_RETURN,
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
from frametools.vm.frame import NULL
from frametools.vm.host import raise_plainly

if TYPE_CHECKING:
    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler
    from frametools.vm.instrumentation import CodeEvents
    from frametools.vm.thread import ThreadState

    Frame = InterpreterFrame
    Stack = list[Any]

_NO_INSTRUCTION_EVENT = frozenset({"RESUME", "END_FOR"})


class Point:
    """One layer at one instruction: which event, and the entry of `ops` below it."""

    __slots__ = ("code", "event", "handler", "index", "offset", "operand", "value")

    def __init__(
        self, code: Code, index: int, event: int, below: tuple[Handler, Any]
    ) -> None:
        self.code = code
        self.index = index
        self.event = event
        self.handler, self.operand = below
        self.offset = code.instructions[index].offset
        self.value: Any = None
        """LINE: the line. INSTRUCTION: the offsets of the EXTENDED_ARGs before."""


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
        if INSTRUCTION in active or (LINE in active and index in data.lines):  # type: ignore[operator]
            entry = followed_for_iter, Point(code, index, INSTRUCTION, entry)
        elif RAISE in active:
            entry = watched_for_iter, Point(code, index, RAISE, entry)
    if _jumps_are_followed(active) and _may_jump(code, index):
        entry = followed_jump, Point(code, index, JUMP, entry)
    if CALL in active and _loads_method(code, index):
        entry = followed_method, Point(code, index, CALL, entry)
    if opname not in _NO_INSTRUCTION_EVENT and _is_watched(data, index, INSTRUCTION):
        point = Point(code, index, INSTRUCTION, entry)
        start = code.instructions[index - 1].end if index else 0
        point.value = range(start, point.offset, 2)
        entry = instrumented_instruction, point
    if LINE in active and _is_watched(data, index, LINE):
        line = data.lines.get(index)  # type: ignore[union-attr]
        if line is not None:
            point = Point(code, index, LINE, entry)
            point.value = line
            entry = instrumented_line, point
    return entry


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


# --- telling ---


def fire(frame: Frame, point: Point, event: int, *args: Any) -> None:
    """Tell all who watch `event` at a point: `call_instrumentation_vector`.

    What a callback raises is raised at the instruction.
    """
    thread = frame.thread
    if thread.tracing:
        return
    code = point.code
    data = code.local_events
    index = point.index
    at = CALL if event in (C_RETURN, C_RAISE) else event
    for tool in data.active.get(at, ()):
        disabled = data.disabled.get((index, at))
        if disabled and tool.id in disabled:
            continue
        callback = tool.callbacks.get(event)
        if callback is None:
            continue
        if tool.takes_frames:
            result = callback(frame, index, *args)
        elif event == LINE:
            result = call_out(thread, event, callback, code.co, *args)
        else:
            result = call_out(thread, event, callback, code.co, point.offset, *args)
        if result is not None and result is DISABLE:
            thread.vm.monitors.disable(point, at, tool)


def call_out(thread: ThreadState, event: int, callback: Any, *args: Any) -> Any:
    """Call the program while it is not watched: `call_one_instrument`."""
    if thread.exc_info.exc_value is not thread.host_exc:
        thread.tell_host()
    before = thread.what_event
    thread.what_event = event
    thread.tracing += 1
    try:
        return callback(*args)
    finally:
        thread.tracing -= 1
        thread.what_event = before


# --- LINE, INSTRUCTION ---


def instrumented_line(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire LINE if control has come from another line."""
    thread = frame.thread
    jumped, thread.jumped = thread.jumped, None
    if not thread.tracing:
        index = point.index
        came_from = jumped[1] if jumped and jumped[0] == index else index - 1
        if came_from < 0 or _is_new_line(point, came_from):
            instr = frame.instr
            place = instr.__length_hint__()  # type: ignore[attr-defined]
            fire(frame, point, LINE, point.value)
            if instr.__length_hint__() != place:  # type: ignore[attr-defined]
                return None
    return point.handler(frame, stack, point.operand)


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


def followed_jump(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Note from where control comes to a place that may begin a line."""
    thread = frame.thread
    if thread.tracing:
        return point.handler(frame, stack, point.operand)
    thread.jumped = None
    switch = point.handler(frame, stack, point.operand)
    if switch is None and thread.jumped is None:
        index = frame.instr_ptr + 1
        if index != point.index + 1:
            thread.jumped = index, point.index
    return switch


def instrumented_instruction(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire INSTRUCTION, for EXTENDED_ARGs too."""
    thread = frame.thread
    if not thread.tracing:
        came_from, thread.jumped = thread.jumped, None
        instr = frame.instr
        place = instr.__length_hint__()  # type: ignore[attr-defined]
        if point.value and HAS_MONITORING:
            offset = point.offset
            for before in point.value:
                point.offset = before
                fire(frame, point, INSTRUCTION)
            point.offset = offset
        fire(frame, point, INSTRUCTION)
        if instr.__length_hint__() != place:  # type: ignore[attr-defined]
            return None
        thread.jumped = came_from
    return point.handler(frame, stack, point.operand)


# --- frames begin, yield, return ---


def instrumented_resume(frame: Frame, stack: Stack, point: Point) -> Frame | None:
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


def instrumented_return_const(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire PY_RETURN with the constant."""
    fire(frame, point, PY_RETURN, point.operand)
    return point.handler(frame, stack, point.operand)


def resume_for_one(frame: Frame, stack: Stack, one: Any) -> Frame | None:
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


def return_const_for_one(frame: Frame, stack: Stack, one: Any) -> Frame | None:
    """Tell the only one who watches of a constant that is returned."""
    callback, index, handler, operand = one
    if not frame.thread.tracing:
        callback(frame, index, operand)
    return handler(frame, stack, operand)  # type: ignore[no-any-return]


# --- jumps ---


def instrumented_jump(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire JUMP when the jump is done."""
    point.handler(frame, stack, point.operand)
    _tell_jump(frame, point, JUMP, frame.instr_ptr + 1)
    return None


def _tell_jump(frame: Frame, point: Point, event: int, to: int) -> None:
    """Fire an event between a jump and its target: the frame is at the target."""
    thread = frame.thread
    if thread.tracing:
        return
    code = point.code
    instr = frame.instr
    instr.__setstate__(to + 1)  # type: ignore[attr-defined]
    thread.jumped = None
    data = code.local_events
    offset = code.instructions[to - 1].end if to else 0
    for tool in data.active.get(event, ()):
        disabled = data.disabled.get((point.index, event))
        callback = tool.callbacks.get(event)
        if callback is None or (disabled and tool.id in disabled):
            continue
        if tool.takes_frames:
            result = callback(frame, point.index, to)
        else:
            result = call_out(thread, event, callback, code.co, point.offset, offset)
        if result is not None and result is DISABLE:
            thread.vm.monitors.disable(point, event, tool)
    if thread.jumped is None:
        instr.__setstate__(to)  # type: ignore[attr-defined]
        if to != point.index + 1:
            thread.jumped = to, point.index


def instrumented_branch(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH with where it went."""
    point.handler(frame, stack, point.operand)
    _tell_jump(frame, point, BRANCH, frame.instr_ptr + 1)
    return None


def instrumented_branch_right(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_RIGHT if it jumped."""
    point.handler(frame, stack, point.operand)
    index = frame.instr_ptr + 1
    if index != point.index + 1:
        _tell_jump(frame, point, BRANCH_RIGHT, index)
    return None


def instrumented_not_taken(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_LEFT for the branch before, which did not jump."""
    point.handler(frame, stack, point.operand)
    _tell_from(frame, point, BRANCH_LEFT, _source(point, point.index - 1))
    return None


def _source(point: Point, source: int) -> int:
    """Return the instruction before, or this one if it has more layers than this."""
    data = point.code.local_events
    active = data.active
    layered = INSTRUCTION in active or (LINE in active and point.index in data.lines)
    return point.index if layered else source


def _tell_from(frame: Frame, point: Point, event: int, source: int) -> None:
    """Fire a branch's event at the instruction that it went to."""
    offset = point.offset
    point.offset = point.code.instructions[source].offset
    _tell_jump(frame, point, event, point.index + 1)
    point.offset = offset


def instrumented_pop_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH_RIGHT for the FOR_ITER that came here, or whatever did."""
    jumped = frame.thread.jumped
    source = jumped[1] if jumped and jumped[0] == point.index else point.index - 1
    point.handler(frame, stack, point.operand)
    _tell_from(frame, point, BRANCH_RIGHT, _source(point, source))
    return None


def instrumented_end_async_for(
    frame: Frame, stack: Stack, point: Point
) -> Frame | None:
    """Fire BRANCH_RIGHT for the END_SEND of the loop that ends."""
    error = stack[-1]
    target = point.code.instructions[point.index].target
    point.handler(frame, stack, point.operand)
    if isinstance(error, StopAsyncIteration):
        _tell_from(frame, point, BRANCH_RIGHT, target or 0)
    return None


def instrumented_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire BRANCH, or BRANCH_LEFT if there is a next item.

    A generator runs natively then, as it does in CPython: the event comes behind what
    happens in it.
    """
    if _iterate(frame, stack, point) or not HAS_BRANCH_SIDES:
        _tell_jump(frame, point, point.event, frame.instr_ptr + 1)
    return None


def followed_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Have iterators run natively, as CPython does where LINE or INSTRUCTION is fired:
    its FOR_ITER is not specialised then."""
    _iterate(frame, stack, point)
    return None


def watched_for_iter(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Have a StopIteration told of that an iterator in Python raises."""
    iterator = stack[-1] if stack[-1] is not NULL else stack[-2]
    if iterator.__class__ is GeneratorType:
        return point.handler(frame, stack, point.operand)
    _iterate(frame, stack, point)
    return None


def _iterate(frame: Frame, stack: Stack, point: Point) -> bool:
    """Do FOR_ITER; False if there is no next item."""
    at = -1 if stack[-1] is not NULL else -2
    iterator = stack[at]
    thread = frame.thread
    if thread.exc_info.exc_value is not thread.host_exc:
        thread.tell_host()
    item = _next(frame, iterator)
    # The handler is given an iterator that yields this item, or ends.
    stack[at] = iter(() if item is NULL else (item,))
    point.handler(frame, stack, point.operand)
    if item is not NULL:
        stack[at - 1] = iterator
        return True
    if HAS_BRANCH_SIDES:
        stack[at] = iterator
    return False


def _next(frame: Frame, iterator: Any) -> Any:
    try:
        return next(iterator)
    except StopIteration as stop:
        stopped = stop
    try:
        watching = frame.thread.vm.watching
        if watching is not None and (
            iterator.__class__ is not GeneratorType or stopped.value is not None
        ):
            watching.stopped(frame, stopped, iterator)
    finally:
        del stopped  # its traceback has this frame
    return NULL


# --- calls ---


def _called(stack: Stack, oparg: int, names: int = 0) -> tuple[Any, Any]:
    """Return the callable and its first argument, MISSING if it has none."""
    first = -oparg - 1 - names
    fn, me = stack[first - 1], stack[first]
    if not CALLABLE_COMES_FIRST and fn is NULL:
        fn, me = me, NULL
    if me is not NULL:
        if type(fn) is MethodType:
            # An `__exit__` with its arguments: CPython calls that natively.
            fn = stack[first - 1] = partial(fn)
            return fn, me
        return fn, me
    if EXPANDS_METHODS_BEFORE_CALL and type(fn) is MethodType:
        return fn.__func__, fn.__self__
    return fn, (stack[first + 1] if oparg else MISSING)


def instrumented_call(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire CALL, and C_RETURN or C_RAISE if no frame was pushed for it."""
    fn, first = _called(stack, point.code.instructions[point.index].oparg)
    return _call(frame, stack, point, fn, first)


def instrumented_call_kw(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Do so for a call with keyword arguments."""
    fn, first = _called(stack, point.code.instructions[point.index].oparg, 1)
    return _call(frame, stack, point, fn, first)


def instrumented_call_ex(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Do so for a call with `*` and `**`."""
    keywords = HAS_BRANCH_SIDES or point.code.instructions[point.index].oparg & 1
    at = -2 if keywords else -1
    fn = stack[at - (2 if CALLABLE_COMES_FIRST else 1)]
    if not TELLS_CALLS_WITH_STARS and _is_python(fn):
        return point.handler(frame, stack, point.operand)
    args = stack[at]
    if type(args) is not tuple and hasattr(args, "__iter__"):
        args = stack[at] = tuple(args)
    missing = MISSING if CALLABLE_COMES_FIRST else None
    first = args[0] if type(args) is tuple and args else missing
    return _call(frame, stack, point, fn, first)


def _loads_method(code: Code, index: int) -> bool:
    _, _, opname, oparg, *_ = code.instructions[index]
    if opname == "LOAD_METHOD":
        return True
    if opname == "LOAD_SUPER_ATTR":
        return bool(oparg & 1)
    return opname == "LOAD_ATTR" and HAS_MONITORING and bool(oparg & 1)


def followed_method(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Leave on the stack what CPython leaves there for a call that is told of.

    The VM may push a method of C bound, or one of a class unbound, where it is all
    the same to the call.
    """
    _, _, opname, oparg, *_ = point.code.instructions[point.index]
    is_super = opname == "LOAD_SUPER_ATTR"
    shift = 0 if opname == "LOAD_METHOD" else 2 if is_super else 1
    owner = stack[-1]
    switch = point.handler(frame, stack, point.operand)
    if switch is None:
        name = point.code.co.co_names[oparg >> shift]
        found = NULL if is_super else _in_type(type(owner), name)
        _set_method(stack, owner, found)
    return switch


def _in_type(kind: type, name: str) -> Any:
    for base in kind.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return NULL


def _set_method(stack: Stack, owner: Any, found: Any) -> None:
    fn, me = stack[-2:]
    if not CALLABLE_COMES_FIRST:
        fn, me = (me, NULL) if fn is NULL else (fn, me)
    is_unbound = type(found) in _UNBOUND
    if me is NULL:
        if not is_unbound or type(fn) not in _BOUND or fn.__self__ is not owner:
            return
        stack[-2:] = found, owner
    elif not is_unbound:
        bound = MethodType(fn, me)
        stack[-2:] = (bound, NULL) if CALLABLE_COMES_FIRST else (NULL, bound)


_UNBOUND = (FunctionType, MethodDescriptorType, WrapperDescriptorType)
"""Types with Py_TPFLAGS_METHOD_DESCRIPTOR."""
_BOUND = (BuiltinFunctionType, MethodWrapperType)


def instrumented_super(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire CALL and C_RETURN of `super`."""
    fn = stack[-3]
    two = point.code.instructions[point.index].oparg & 2
    first = stack[-2] if two else MISSING
    fire(frame, point, CALL, fn, first)
    fire(frame, point, C_RETURN, fn, first)
    return point.handler(frame, stack, point.operand)


def _is_python(fn: Any) -> bool:
    if type(fn) is MethodType:
        fn = fn.__func__
    return type(fn) is FunctionType and not is_ours(fn)


def is_ours(fn: Any) -> bool:
    """Say if a function is ours, such as methods of generators: C's for the program."""
    ours: bool = fn.__code__.co_filename.startswith(_OURS)
    return ours


_OURS = __file__[: -len("instrumented.py")]


def _call(
    frame: Frame, stack: Stack, point: Point, fn: Any, first: Any
) -> Frame | None:
    told = fn.func if type(fn) is partial and type(fn.func) is MethodType else fn
    fire(frame, point, CALL, told, first)
    if _is_python(fn):
        return point.handler(frame, stack, point.operand)
    try:
        switch = point.handler(frame, stack, point.operand)
    except BaseException as error:
        raised = error
    else:
        if switch is None:
            fire(frame, point, C_RETURN, told, first)
        return switch
    # Outside of the block: a callback may ask what is being handled.
    fire(frame, point, C_RAISE, told, first)
    raise_plainly(raised)


# --- the end of what is delegated to ---


def instrumented_end_send(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire STOP_ITERATION if a generator or coroutine has returned."""
    receiver = stack[-2] if stack[-2] is not NULL else stack[-3]
    if type(receiver).__name__ in ("generator", "coroutine"):
        fire(frame, point, STOP_ITERATION, StopIteration(stack[-1]))
    return point.handler(frame, stack, point.operand)


def instrumented_end_for(frame: Frame, stack: Stack, point: Point) -> Frame | None:
    """Fire STOP_ITERATION: a generator that ran in place has returned.

    CPython runs generators in place where the loop was specialised for them.
    """
    fire(frame, point, STOP_ITERATION, StopIteration(stack[-1]))
    return point.handler(frame, stack, point.operand)


_BY_EVENT: dict[int, Any] = {
    PY_START: instrumented_resume,
    PY_RESUME: instrumented_resume,
    PY_RETURN: instrumented_return,
    PY_YIELD: instrumented_return,
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
    PY_YIELD: return_for_one,
}

if HAS_MONITORING:
    import sys

    DISABLE: Any = sys.monitoring.DISABLE
    MISSING: Any = sys.monitoring.MISSING
else:
    DISABLE, MISSING = object(), object()
