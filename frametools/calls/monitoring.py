"""3.12 and later: calls by events of their code objects; no function is touched.

PY_START begins, PY_RETURN ends, PY_YIELD suspends, PY_RESUME goes on; PY_UNWIND fails,
and PY_THROW goes on with an exception. The last two are global before 3.15, so any
exception that leaves a frame costs a callback while something is logged.

The callbacks are guarded: they are lent the recursion room that they take
(monitor/_core_alone.c). An error that goes through, Ctrl-C say, leaves the function
whose event it was, so PY_UNWIND ends the call.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools._frame_values import CO_SUSPENDS, variables
from frametools._interrupts import is_the_programs
from frametools._python import CAN_LOCAL_UNWIND, HAS_LOCALS_PROXY
from frametools.calls import flow
from frametools.calls.greenlets import logged
from frametools.calls.quick import FRAME, quick_callbacks, quick_parameters
from frametools.calls.sent import generator_of, value_sent
from frametools.calls.stacks import (
    forget_everywhere,
    my_stack,
    unwatch_greenlets,
)
from frametools.calls.suspended import Suspended
from frametools.monitor._twin import NAME, dispatch, guard
from frametools.monitor.pep669 import give_back, take_tool_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from frametools.calls.functions import Function
    from frametools.calls.quick import End, Start
    from frametools.calls.stacks import Stack

_LOCAL = ("PY_START", "PY_RETURN", "PY_YIELD", "PY_RESUME")
_ENDS = ("PY_UNWIND", "PY_THROW")
_getframe = sys._getframe
_LENDS_ROOM = NAME == "c"
"""A callback takes none of the recursion limit, so none is left out as that ends."""
_ASYNC_VALUE = "async_generator_wrapped_value"


class Monitoring:
    """The code objects that are logged now; holds a tool id while there are any."""

    def __init__(self) -> None:
        self._functions: dict[int, Function] = {}
        self._starts: dict[int, Start] = {}
        self._returns: dict[int, End] = {}
        self._codes: dict[int, ref[CodeType]] = {}
        self._suspended = Suspended(self._functions)
        self._tool_id: int | None = None
        self._lock = RLock()

    def get(self, code: CodeType) -> Function | None:
        """Return how a code object is logged, or None."""
        return self._functions.get(id(code))

    def codes(self) -> list[CodeType]:
        """Return the code objects that are logged."""
        return [code for known in list(self._codes.values()) if (code := known())]

    def add(self, code: CodeType, function: Function) -> None:
        """Log the calls of a code object; MonitorError if no tool id is free."""
        with self._lock:
            before = self._functions.get(id(code))
            if function.is_like(before):
                return  # as a `def` in a function does, each time that this is called
            is_new = before is None
            if self._tool_id is None:
                self._start()
            self._functions[id(code)] = function
            is_stepped = bool(code.co_flags & CO_SUSPENDS)
            if code.co_flags & (_GENERATOR | _ASYNC_GENERATOR):
                generator_of()
            generate = partial(self._generate, id(code), function, is_stepped)
            is_quick = quick_parameters(function) is not None
            callbacks = _general_callbacks(function, generate if is_quick else None)
            self._put(id(code), callbacks, is_stepped)
            if is_new:
                logged.add(id(code))
                self._codes[id(code)] = ref(code, partial(self._forget_dead, id(code)))
                self._set(code, _LOCAL + _ENDS * CAN_LOCAL_UNWIND)

    def _generate(self, key: int, function: Function, is_stepped: bool) -> None:
        """Take the short way from now on: it takes 0.5 ms, for what is called."""
        callbacks = quick_callbacks(function)
        with self._lock:
            if self._functions.get(key) is function:
                self._put(key, callbacks, is_stepped)

    def _put(self, key: int, callbacks: tuple[Start, End], is_stepped: bool) -> None:
        start, end = callbacks
        self._starts[key] = start
        self._returns[key] = _end_of_steps(end, self._suspended) if is_stepped else end

    def remove(self, code: CodeType) -> None:
        """Log a code object no more: its calls are as fast as ever."""
        with self._lock:
            if id(code) in self._functions:
                self._forget(id(code))
                self._set(code, ())
                self._stop_if_idle()
            unwatch_greenlets()
        forget_everywhere(id(code))

    def _forget_dead(self, key: int, _dead: object) -> None:
        with self._lock:
            self._forget(key)
            self._stop_if_idle()

    def _forget(self, key: int) -> None:
        for table in (self._functions, self._starts, self._returns, self._codes):
            table.pop(key, None)
        self._suspended.forget(key)
        logged.discard(key)

    def _start(self) -> None:
        self._tool_id = tool_id = take_tool_id("frametools log_calls")
        monitoring = sys.monitoring
        callbacks = {
            "PY_START": dispatch(self._starts),
            "PY_RETURN": dispatch(self._returns),
            **_callbacks(self._functions, self._suspended),
        }
        for name, callback in callbacks.items():
            event = getattr(monitoring.events, name)
            monitoring.register_callback(tool_id, event, callback)
        if not CAN_LOCAL_UNWIND:
            monitoring.set_events(tool_id, _mask(_ENDS))

    def _set(self, code: CodeType, names: tuple[str, ...]) -> None:
        if self._tool_id is not None:
            sys.monitoring.set_local_events(self._tool_id, code, _mask(names))

    def _stop_if_idle(self) -> None:
        if not self._functions and self._tool_id is not None:
            tool_id, self._tool_id = self._tool_id, None
            give_back(tool_id, _LOCAL + _ENDS)


def _mask(names: tuple[str, ...]) -> int:
    return sum(getattr(sys.monitoring.events, name) for name in names)


def _general_callbacks(
    function: Function, generate: Callable[[], None] | None
) -> tuple[Start, End]:
    """Make callbacks that do all there may be to do; the first may make others."""

    def start(_code: object, _offset: int) -> None:
        frame = _getframe(FRAME)
        values: Any = frame.f_locals if HAS_LOCALS_PROXY else variables(frame)
        _contained(flow.begin, function, my_stack(), values)
        if generate is not None:
            _contained(generate)

    def end(_code: object, _offset: int, value: object) -> None:
        _contained(flow.end, function, my_stack(), value)

    return start, end


def _end_of_steps(end: End, suspended: Suspended) -> End:
    def end_of_steps(code: object, offset: int, value: object) -> None:
        try:
            end(code, offset, value)
        finally:
            suspended.end_within(id(_getframe(FRAME)), my_stack())

    return end_of_steps


def _callbacks(
    functions: dict[int, Function], suspended: Suspended
) -> dict[str, Callable[..., object]]:
    def on_unwind(code: CodeType, _offset: int, error: BaseException) -> None:
        function = functions.get(id(code))
        if function is not None:
            stack = my_stack()
            try:
                _contained(flow.fail, function, stack, error)
            finally:
                suspended.end_within(id(_getframe(1)), stack)
            if not _LENDS_ROOM and isinstance(error, RecursionError):
                _contained(_settle, functions, stack, _getframe(1))

    def on_yield(code: CodeType, _offset: int, value: object) -> None:
        function = functions.get(id(code))
        if function is not None:
            frame, stack = _getframe(1), my_stack()
            value, is_await = _yielded(code, value)
            suspend = partial(flow.suspend, is_await=is_await)
            call = _contained(suspend, function, stack, value)
            if call is not None:
                suspended.put(frame, call, awaits=is_await)
            _contained(suspended.wait_with, id(frame), stack, value)

    def on_resume(code: CodeType, _offset: int) -> None:
        function = functions.get(id(code))
        if function is not None:
            frame = _getframe(1)
            waiting = suspended.take(id(frame), function)
            call = waiting and waiting.call
            options = function.options
            is_told = options.suspends and options.result
            is_sent = is_told and waiting is not None and not waiting.awaits
            sent = _contained(value_sent, frame) if is_sent else None
            _contained(flow.resume, function, my_stack(), call, None, sent)

    return {
        "PY_UNWIND": guard(on_unwind, True),
        "PY_YIELD": guard(on_yield, True),
        "PY_RESUME": guard(on_resume, True),
        "PY_THROW": guard(_on_throw(functions, suspended), True),
    }


def _settle(
    functions: dict[int, Function], stack: Stack, frame: FrameType | None
) -> None:
    """Take off the stack what a stack that ended left there.

    That is when the first frame is unwound whose callback has the room it needs.
    """
    if len(stack.calls) != stack.settled - 1:  # else one unwinding goes on
        running = []
        while frame is not None and (frame := frame.f_back):
            running.append(id(frame.f_code))
        stack.settle(running[::-1], functions)
    stack.settled = len(stack.calls)


def _on_throw(
    functions: dict[int, Function], suspended: Suspended
) -> Callable[..., object]:
    def on_throw(code: CodeType, offset: int, error: BaseException) -> None:
        function = functions.get(id(code))
        if function is not None:
            frame = id(_getframe(1))
            waiting = suspended.take(frame, function)
            if offset <= _begin(code):
                waiting = None  # that of a dead frame, which was where this one is
            _contained(suspended.throw, frame, function, my_stack(), waiting, error)

    return on_throw


def _begin(code: CodeType) -> int:
    """Return the offset behind which a generator has begun: of its first POP_TOP.

    An exception that is thrown into one that has not is told of at or before that.
    """
    from opcode import opmap

    return 2 * code.co_code[::2].find(opmap["RETURN_GENERATOR"]) + 2


def _contained(action: Callable[..., Any], *args: Any) -> Any:
    """Do something of ours: only errors that are the program's own go through."""
    try:
        return action(*args)
    except BaseException as error:
        if is_the_programs(error):
            raise
        return None


def _yielded(code: CodeType, value: object) -> tuple[object, bool]:
    """Return what is yielded, and whether it is only awaited: nobody's value then."""
    if not code.co_flags & _ASYNC_GENERATOR:
        return value, not code.co_flags & _GENERATOR
    if type(value).__name__ != _ASYNC_VALUE:
        return None, True
    return gc.get_referents(value)[0], False  # it has no attribute


_GENERATOR, _ASYNC_GENERATOR = 0x20, 0x200
"""`inspect.CO_GENERATOR`, `CO_ASYNC_GENERATOR`."""

monitoring = Monitoring()
