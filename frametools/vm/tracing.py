"""sys.settrace and sys.setprofile of the program: tools on top of monitoring.

As Python/legacy_tracing.c does since 3.12: what the trace function is told is derived
from events, `frame.f_trace` is the local trace function, and an error in either ends
tracing. On 3.11 the same tools are used, with 3.11's rules for lines (line_starts.py).
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType
from typing import TYPE_CHECKING, Any

from frametools._python import (
    BACKWARD_JUMPS_START_LINES,
    HAS_LOCALS_PROXY,
    PROFILES_METHODS_OF_C,
    REFUSES_NESTED_TRACING,
    TELLS_WHAT_IS_THROWN,
    TRACES_OPCODES_PER_CODE,
)
from frametools.vm import frame_object
from frametools.vm._builtins import (
    BaseException,
    RuntimeError,
    any,
    frozenset,
    getattr,
    isinstance,
    len,
    list,
    set,
    tuple,
    type,
)
from frametools.vm.calling import lookaside
from frametools.vm.event_kinds import (
    C_RAISE,
    C_RETURN,
    CALL,
    INSTRUCTION,
    JUMP,
    LINE,
    PY_RESUME,
    PY_RETURN,
    PY_START,
    PY_THROW,
    PY_UNWIND,
    PY_YIELD,
    RAISE,
    STOP_ITERATION,
)
from frametools.vm.firing import DISABLE, MISSING, call_out
from frametools.vm.frame_locals import fast_to_locals, locals_to_fast
from frametools.vm.host import raise_plainly
from frametools.vm.importing import has_process
from frametools.vm.instrumentation import (
    NO_EVENTS,
    PROFILE_ID,
    TRACE_ID,
    events_of,
)
from frametools.vm.instrumented_calls import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.frame_object import FrameObject
    from frametools.vm.instrumentation import Tool
    from frametools.vm.thread import ThreadState
    from frametools.vm.vm import VM

    Frame = InterpreterFrame

_audit = sys.audit
_FRAMES = {PY_START, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND}
_TRACED = frozenset(_FRAMES | {LINE, RAISE, STOP_ITERATION})
if not BACKWARD_JUMPS_START_LINES:
    _TRACED |= {JUMP}
_PROFILED = frozenset(_FRAMES | {CALL})


# --- the trace function ---


def _trace(frame: Frame, event: int, what: str, arg: Any, line: int = 0) -> None:
    """Call the trace function, or the frame's: `trace_trampoline` in sysmodule.c."""
    thread = frame.thread
    function = thread.trace_function
    if function is None:
        return
    shown = frame_object.of(frame)
    data = shown.data
    if TRACES_OPCODES_PER_CODE and data.f_trace_opcodes:
        _trace_opcodes(frame, True)
    callback = function if what == "call" else data.f_trace
    if callback is None:
        return
    data.f_lineno = line
    try:
        result = _call(thread, event, callback, shown, what, arg)
    except BaseException as error:
        raised = error
    else:
        data.f_lineno = 0
        if result is not None:
            data.f_trace = result
        return
    data.f_lineno = 0
    set_trace(thread, None)
    data.f_trace = None
    raise_plainly(raised)


def _call(
    thread: ThreadState,
    event: int,
    callback: Any,
    shown: FrameObject,
    what: str,
    arg: Any,
) -> Any:
    """Call a function of the program, variables of the frame copied there and back."""
    if HAS_LOCALS_PROXY:
        return call_out(thread, event, callback, shown, what, arg)
    fast_to_locals(shown.f_frame)
    try:
        return call_out(thread, event, callback, shown, what, arg)
    finally:
        locals_to_fast(shown.f_frame)


def _start(frame: Frame, _index: int) -> None:
    _trace(frame, PY_START, "call", None)


def _resume(frame: Frame, _index: int) -> None:
    _trace(frame, PY_RESUME, "call", None)


def _throw(frame: Frame, _index: int, _error: BaseException) -> None:
    _trace(frame, PY_THROW, "call", None)


def _return(frame: Frame, _index: int, value: object) -> None:
    _trace(frame, PY_RETURN, "return", value)


def _yield(frame: Frame, _index: int, value: object) -> None:
    _trace(frame, PY_YIELD, "return", value)


def _unwind(frame: Frame, _index: int, _error: BaseException) -> None:
    _trace(frame, PY_UNWIND, "return", None)


def _exception(frame: Frame, _index: int, error: BaseException) -> None:
    _trace(frame, RAISE, "exception", (type(error), error, error.__traceback__))


def _line(frame: Frame, _index: int, line: int) -> None:
    if frame.thread.trace_function is None:
        return
    data = frame.frame_obj
    if data is not None and data.f_trace_lines and data.f_trace is not None:
        _trace(frame, LINE, "line", None, line)


def _jump(frame: Frame, index: int, to: int) -> Any:
    """Tell of a jump backward within a line, which is no LINE: sys_trace_jump_func."""
    if frame.thread.trace_function is None:
        return None
    line = frame.code.line(to)
    if to > index or line is None or line != frame.code.line(index):
        return DISABLE
    data = frame.frame_obj
    if data is not None and data.f_trace_lines and data.f_trace is not None:
        _trace(frame, JUMP, "line", None, line)
    return None


def _instruction(frame: Frame, _index: int) -> None:
    data = frame.frame_obj
    if frame.thread.trace_function is None or data is None or not data.f_trace_opcodes:
        if TRACES_OPCODES_PER_CODE:
            _trace_opcodes(frame, False)
        return
    _trace(frame, INSTRUCTION, "opcode", None)


_TRACE_CALLBACKS: dict[int, Callable[..., Any]] = {
    PY_START: _start,
    PY_RESUME: _resume,
    PY_THROW: _throw,
    PY_RETURN: _return,
    PY_YIELD: _yield,
    PY_UNWIND: _unwind,
    RAISE: _exception,
    STOP_ITERATION: _exception,
    LINE: _line,
    JUMP: _jump,
    INSTRUCTION: _instruction,
}


def opcodes_are_traced(frame: Frame) -> None:
    """Have a frame's instructions told of: what setting `f_trace_opcodes` does."""
    vm = frame.thread.vm
    vm.monitors.opcodes_are_traced = True
    if TRACES_OPCODES_PER_CODE:
        _trace_opcodes(frame, True)


def _trace_opcodes(frame: Frame, flag: bool) -> None:
    monitors = frame.thread.vm.monitors
    tool = trace_tool(frame.thread.vm)
    local = events_of(frame.code).local.get(TRACE_ID, NO_EVENTS)
    if flag != (INSTRUCTION in local):
        wanted = local | {INSTRUCTION} if flag else local - {INSTRUCTION}
        monitors.set_local_events(tool, frame.code, wanted)


def trace_tool(vm: VM) -> Tool:
    """Return the tool that stands for sys.settrace."""
    tool = vm.monitors.tool(TRACE_ID, takes_frames=True)
    tool.callbacks = _TRACE_CALLBACKS
    return tool


def set_trace(thread: ThreadState, function: Any) -> None:
    """Set the trace function of a thread, None for none: `_PyEval_SetTrace`."""
    vm = thread.vm
    thread.trace_function = function
    traced = function is not None or any(
        each.trace_function is not None for each in list(vm.threads.values())
    )
    events = _TRACED if traced else NO_EVENTS
    if traced and not TRACES_OPCODES_PER_CODE and vm.monitors.opcodes_are_traced:
        events = events | {INSTRUCTION}
    if traced or TRACE_ID in vm.monitors.tools:
        vm.monitors.set_events(trace_tool(vm), events)


# --- the profile function ---


def _profile(frame: Frame, event: int, what: str, arg: Any) -> None:
    thread = frame.thread
    function = thread.profile_function
    if function is None:
        return
    try:
        _call(thread, event, function, frame_object.of(frame), what, arg)
    except BaseException as error:
        raised = error
    else:
        return
    set_profile(thread, None)
    raise_plainly(raised)


def _profile_c(frame: Frame, event: int, what: str, fn: Any, first: Any) -> None:
    """Tell of a builtin function: `sys_profile_call_or_return`."""
    if type(fn) is MethodDescriptorType:
        if first is MISSING:
            return
        fn = fn.__get__(first, type(first))
    elif (
        PROFILES_METHODS_OF_C
        and type(fn) is MethodType
        and isinstance(fn.__func__, BuiltinFunctionType)
    ):
        fn = fn.__func__
    elif type(fn) is FunctionType and is_ours(fn):
        fn = MethodType(fn, first)
    elif not isinstance(fn, BuiltinFunctionType) and not (
        type(fn) is MethodType
        and type(fn.__func__) is FunctionType
        and is_ours(fn.__func__)
    ):
        return
    _profile(frame, event, what, fn)


_PROFILE_CALLBACKS: dict[int, Callable[..., Any]] = {
    PY_START: lambda frame, _: _profile(frame, PY_START, "call", None),
    PY_RESUME: lambda frame, _: _profile(frame, PY_RESUME, "call", None),
    PY_THROW: lambda frame, _, error: _profile(
        frame, PY_THROW, "call", error if TELLS_WHAT_IS_THROWN else None
    ),
    PY_RETURN: lambda frame, _, value: _profile(frame, PY_RETURN, "return", value),
    PY_YIELD: lambda frame, _, value: _profile(frame, PY_YIELD, "return", value),
    PY_UNWIND: lambda frame, _, __: _profile(frame, PY_UNWIND, "return", None),
    CALL: lambda frame, _, fn, me: _profile_c(frame, CALL, "c_call", fn, me),
    C_RETURN: lambda frame, _, fn, me: _profile_c(frame, C_RETURN, "c_return", fn, me),
    C_RAISE: lambda frame, _, fn, me: _profile_c(frame, C_RAISE, "c_exception", fn, me),
}


def set_profile(thread: ThreadState, function: Any) -> None:
    """Set the profile function of a thread, None for none: `_PyEval_SetProfile`."""
    vm = thread.vm
    thread.profile_function = function
    profiled = function is not None or any(
        each.profile_function is not None for each in list(vm.threads.values())
    )
    if profiled or PROFILE_ID in vm.monitors.tools:
        tool = vm.monitors.tool(PROFILE_ID, takes_frames=True)
        tool.callbacks = _PROFILE_CALLBACKS
        vm.monitors.set_events(tool, _PROFILED if profiled else NO_EVENTS)


# --- look-asides ---


def _setter(name: str, put: Callable[[ThreadState, Any], None]) -> None:
    builtin = getattr(sys, name)

    @lookaside(builtin)
    def answer(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if kwargs or len(args) != 1:
            return builtin(*args, **kwargs)  # the host words the TypeError
        _audit(f"sys.{name}")
        put(frame.thread, args[0])
        if args[0] is None and has_process(frame.thread.vm):
            builtin(None)  # what native code has set sees us: it must not stay
        return None


def _setter_of_all(name: str, put: Callable[[ThreadState, Any], None]) -> None:
    builtin = getattr(sys, name, None)
    if builtin is None:
        return

    @lookaside(builtin)
    def answer(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if kwargs or len(args) != 1:
            return builtin(*args, **kwargs)
        for thread in list(frame.thread.vm.threads.values()):
            put(thread, args[0])
        return None


def _exclusive(
    put: Callable[[ThreadState, Any], None], what: str
) -> Callable[[ThreadState, Any], None]:
    """Refuse what the `__del__` of the function before asks for meanwhile.

    In this thread: other threads of the host seldom get a turn then, ours do.
    """
    if not REFUSES_NESTED_TRACING:
        return put
    busy: set[ThreadState] = set()

    def put_alone(thread: ThreadState, function: Any) -> None:
        if thread in busy:
            busy.discard(thread)
            another = f"{what} function while another {what} function"
            raise RuntimeError(f"Cannot install a {another} is being installed")
        busy.add(thread)
        try:
            put(thread, function)
        finally:
            busy.discard(thread)

    return put_alone


_setter("settrace", _exclusive(set_trace, "trace"))
_setter("setprofile", _exclusive(set_profile, "profile"))
_setter_of_all("_settraceallthreads", set_trace)
_setter_of_all("_setprofileallthreads", set_profile)


@lookaside(sys.gettrace)
def gettrace(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the trace function of the thread."""
    return (
        sys_gettrace(*args, **kwargs) if args or kwargs else frame.thread.trace_function
    )


@lookaside(sys.getprofile)
def getprofile(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the profile function of the thread."""
    if args or kwargs:
        return sys_getprofile(*args, **kwargs)
    return frame.thread.profile_function


@lookaside(sys.call_tracing)
def call_tracing(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call a function with tracing on, from a trace function."""
    if kwargs or len(args) != 2 or not isinstance(args[1], tuple):
        return sys_call_tracing(*args, **kwargs)
    thread = frame.thread
    tracing, thread.tracing = thread.tracing, 0
    event, thread.what_event = thread.what_event, -1
    jumped = thread.jumped
    try:
        return args[0](*args[1])
    finally:
        thread.tracing, thread.what_event, thread.jumped = tracing, event, jumped


sys_gettrace, sys_getprofile = sys.gettrace, sys.getprofile
sys_call_tracing = sys.call_tracing
