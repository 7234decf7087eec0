"""`sys.monitoring` as the program in the VM sees it: a look-aside per function.

The host's own is not touched: its tools (`frametools.monitor`) see the VM at work,
those of the program see the program. Texts of errors are the host's of this version; a
wrong number of arguments is given to the host's function, which refuses it.
"""

from __future__ import annotations

import dis
import operator
import sys
from types import CodeType
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_BRANCH_SIDES, HAS_MONITORING
from frametools.vm._builtins import (
    OverflowError,
    TypeError,
    ValueError,
    frozenset,
    getattr,
    hasattr,
    isinstance,
    len,
    list,
    sorted,
    str,
    sum,
)
from frametools.vm.calling import lookaside
from frametools.vm.event_kinds import (
    BRANCH,
    BRANCH_LEFT,
    BRANCH_RIGHT,
    C_RAISE,
    C_RETURN,
    CALL,
    NUMBERS,
)
from frametools.vm.firing import DISABLE
from frametools.vm.instrumentation import (
    NO_EVENTS,
    NOT_LOCAL,
    PROFILE_ID,
    events_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.code import Code
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instrumentation import Monitors, Tool

    Frame = InterpreterFrame

_index, _audit = operator.index, sys.audit
_INT_MAX = 2**31 - 1

_BIT: dict[int, int] = {}
"""The bit of an event in `sys.monitoring.events`, by our number."""
if HAS_MONITORING:
    _BIT = {
        NUMBERS[name]: bit
        for name, bit in vars(sys.monitoring.events).items()
        if name in NUMBERS
    }
_NUMBER = {bit: number for number, bit in _BIT.items()}
_NAME = {
    bit: name
    for name, bit in (vars(sys.monitoring.events).items() if HAS_MONITORING else ())
}
_EVENTS = len(_BIT)
_C_RESULTS = frozenset({C_RETURN, C_RAISE})


# --- arguments ---


def _int(value: Any) -> int:
    """Convert an argument as the `int` of Argument Clinic does."""
    number = _index(value)
    if not -_INT_MAX - 1 <= number <= _INT_MAX:
        raise OverflowError("Python int too large to convert to C int")
    return number


def _tool_id(value: Any) -> int:
    number = _int(value)
    _check_id(number)
    return number


def _check_id(number: int) -> None:
    if not 0 <= number < PROFILE_ID:
        raise ValueError(f"invalid tool {number} (must be between 0 and 5)")


def _check_code(code: Any) -> None:
    if not isinstance(code, CodeType):
        raise TypeError("code must be a code object")


def _check_use(monitors: Monitors, tool_id: int) -> None:
    if tool_id not in monitors.names:
        raise ValueError(f"tool {tool_id} is not in use")


def _event_set(bits: int) -> frozenset[int]:
    """Give a set of events as ours; C_RETURN and C_RAISE come with CALL only."""
    events = frozenset(number for bit, number in _NUMBER.items() if bits & bit)
    if HAS_BRANCH_SIDES and BRANCH in events:
        events = events - {BRANCH} | {BRANCH_LEFT, BRANCH_RIGHT}
    if events & _C_RESULTS and not events >= _C_RESULTS | {CALL}:
        raise ValueError("cannot set C_RETURN or C_RAISE events independently")
    return events - _C_RESULTS


def _bits(events: frozenset[int]) -> int:
    return sum(_BIT[event] for event in events)


def _answers(name: str, count: int) -> Callable[[Any], Any]:
    """Declare an answer for a function of `sys.monitoring` with `count` arguments."""

    def declare(answer: Callable[..., Any]) -> Callable[..., Any]:
        builtin = getattr(sys.monitoring, name, None) if HAS_MONITORING else None
        if builtin is not None:

            def checked(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
                if kwargs or len(args) != count:
                    return builtin(*args, **kwargs)
                return answer(frame, *args)

            lookaside(builtin)(checked)
        return answer

    return declare


# --- tools ---


@_answers("use_tool_id", 2)
def use_tool_id(frame: Frame, tool_id: Any, name: Any) -> None:
    """Take a tool id, with a name."""
    number = _tool_id(tool_id)
    if not isinstance(name, str):
        raise ValueError("tool name must be a str")
    names = frame.thread.vm.monitors.names
    if number in names:
        raise ValueError(f"tool {number} is already in use")
    names[number] = name


@_answers("get_tool", 1)
def get_tool(frame: Frame, tool_id: Any) -> str | None:
    """Return the name of a tool in use, or None."""
    return frame.thread.vm.monitors.names.get(_tool_id(tool_id))


@_answers("clear_tool_id", 1)
def clear_tool_id(frame: Frame, tool_id: Any) -> None:
    """Take away the callbacks and events of a tool."""
    number = _tool_id(tool_id)
    monitors = frame.thread.vm.monitors
    if number in monitors.names:
        _clear(monitors, number)


def _clear(monitors: Monitors, tool_id: int) -> None:
    tool = monitors.tool(tool_id)
    tool.callbacks.clear()
    monitors.forget_local(tool)
    monitors.set_events(tool, NO_EVENTS)


@_answers("free_tool_id", 1)
def free_tool_id(frame: Frame, tool_id: Any) -> None:
    """Give a tool id back; from 3.14 on with its callbacks and events."""
    number = _tool_id(tool_id)
    monitors = frame.thread.vm.monitors
    names = monitors.names
    if number in names:
        if HAS_CLEAR_TOOL_ID:
            _clear(monitors, number)
        del names[number]


HAS_CLEAR_TOOL_ID = HAS_MONITORING and hasattr(sys.monitoring, "clear_tool_id")


# --- callbacks ---


_ASYNCHRONOUS_LOOP = frozenset({"END_SEND", "END_ASYNC_FOR"})


class _BothSides:
    """A callback for BRANCH where there are BRANCH_LEFT and BRANCH_RIGHT.

    As `_PyLegacyBranchEventHandler` of 3.14: what is disabled is so on both sides.
    """

    def __init__(self, monitors: Monitors, tool: Tool, callback: Any) -> None:
        self.monitors, self.tool, self.callback = monitors, tool, callback

    def __call__(self, co: CodeType, offset: int, destination: int) -> Any:
        opname = dis.opname[co.co_code[offset]]
        if opname == "NOT_TAKEN":
            opname = dis.opname[co.co_code[offset - 2]]
        if opname in _ASYNCHRONOUS_LOOP:
            return None  # it has no BRANCH
        result = self.callback(co, offset, destination)
        if result is DISABLE:
            code = self.monitors.vm.code(co)
            for instruction in code.instructions:
                if instruction.offset == offset:
                    self._disable(code, instruction.index)
        return result

    def _disable(self, code: Code, index: int) -> None:
        disable = self.monitors.disable_at
        if code.instructions[index].opname == "FOR_ITER":
            target = code.instructions[index].target
            disable(code, index, BRANCH_LEFT, self.tool)
            disable(code, (target or 0) + 1, BRANCH_RIGHT, self.tool)
        else:
            disable(code, index, BRANCH_RIGHT, self.tool)
            if index + 1 < len(code.ops):
                disable(code, index + 1, BRANCH_LEFT, self.tool)


@_answers("register_callback", 3)
def register_callback(frame: Frame, tool_id: Any, event: Any, func: Any) -> Any:
    """Set the callback of a tool for one event; returns the one before, or None."""
    number, bits = _int(tool_id), _int(event)
    _check_id(number)
    if bits.bit_count() != 1 or bits < 0:
        raise ValueError("The callback can only be set for one event at a time")
    if bits not in _NUMBER:
        raise ValueError(f"invalid event {bits}")
    _audit("sys.monitoring.register_callback", func)
    monitors = frame.thread.vm.monitors
    tool = monitors.tool(number)
    kind = _NUMBER[bits]
    if HAS_BRANCH_SIDES and kind == BRANCH:
        both = None if func is None else _BothSides(monitors, tool, func)
        _set(tool, BRANCH_LEFT, both)
        return _shown(_set(tool, BRANCH_RIGHT, both))
    return _shown(_set(tool, kind, func))


def _set(tool: Tool, event: int, callback: Any) -> Any:
    before = tool.callbacks.get(event)
    if callback is None:
        tool.callbacks.pop(event, None)
    else:
        tool.callbacks[event] = callback
    return before


def _shown(callback: Any) -> Any:
    return callback.callback if isinstance(callback, _BothSides) else callback


# --- events ---


@_answers("get_events", 1)
def get_events(frame: Frame, tool_id: Any) -> int:
    """Return the events of a tool."""
    number = _tool_id(tool_id)
    tool = frame.thread.vm.monitors.tools.get(number)
    return _bits(tool.events) if tool is not None else 0


@_answers("set_events", 2)
def set_events(frame: Frame, tool_id: Any, event_set: Any) -> None:
    """Have a tool told of events everywhere."""
    number, bits = _int(tool_id), _int(event_set)
    _check_id(number)
    if not 0 <= bits < 1 << _EVENTS:
        raise ValueError(f"invalid event set 0x{bits & 0xFFFFFFFF:x}")
    events = _event_set(bits)
    monitors = frame.thread.vm.monitors
    _check_use(monitors, number)
    monitors.set_events(monitors.tool(number), events)


@_answers("get_local_events", 2)
def get_local_events(frame: Frame, tool_id: Any, code: Any) -> int:
    """Return the events of a tool in one code object."""
    number = _int(tool_id)
    _check_code(code)
    _check_id(number)
    known = frame.thread.vm.code(code)
    return _bits(events_of(known).local.get(number, NO_EVENTS))


@_answers("set_local_events", 3)
def set_local_events(frame: Frame, tool_id: Any, code: Any, event_set: Any) -> None:
    """Have a tool told of events in one code object."""
    number, bits = _int(tool_id), _int(event_set)
    _check_code(code)
    _check_id(number)
    events = _event_set(bits)
    if events & NOT_LOCAL or not 0 <= bits < 1 << _EVENTS:
        raise ValueError(f"invalid local event set 0x{bits & 0xFFFFFFFF:x}")
    monitors = frame.thread.vm.monitors
    _check_use(monitors, number)
    monitors.set_local_events(monitors.tool(number), frame.thread.vm.code(code), events)


@_answers("restart_events", 0)
def restart_events(frame: Frame) -> None:
    """Enable what was disabled."""
    frame.thread.vm.monitors.restart_events()


@_answers("_all_events", 0)
def all_events(frame: Frame) -> dict[str, int]:
    """Return which tools, as bits, watch each event."""
    found: dict[str, int] = {}
    tools = frame.thread.vm.monitors.tools
    for number, bit in sorted(_BIT.items(), key=lambda item: item[1]):
        watching = sum(
            1 << tool_id
            for tool_id, tool in tools.items()
            if tool_id <= PROFILE_ID + 1 and number in tool.events
        )
        if watching:
            found[_NAME[bit]] = watching
    return found
