"""What happens in a call, and the line that tells of it; for both backends.

begin --> suspend --> resume --> ... --> end, or fail

Nothing here raises into the program but what is the program's own: see `_interrupts`.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools.calls.lines import (
    CALL,
    RAISE,
    RESUME,
    RESUME_SENT,
    RETURN,
    SUSPEND,
    Took,
)
from frametools.calls.sinks import told
from frametools.calls.stacks import BEGAN, DUE, ENTRY, speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.functions import Function
    from frametools.calls.stacks import Call, Stack


def begin(function: Function, stack: Stack, values: Mapping[str, Any]) -> None:
    """Tell that a call begins, with its arguments."""
    options = function.options
    entry, is_secret = None, True
    try:
        if not function.is_asked or _is_shown(function, stack):
            is_secret = function.looks_up and function.asks_for_secret(values.values())
            entry = function.entry(values)
    finally:  # if that fails as well: its end must not find the call of its caller
        stack.push(_call(function, entry, is_secret=is_secret))
    if entry is not None and options.min_duration <= 0:
        say(CALL, function, stack, entry)


def _call(function: Function, entry: Any, *, is_secret: bool) -> Call:
    options = function.options
    if entry is None or not options.is_timed:
        return function.key, entry, -1.0, 0.0, is_secret
    now = perf_counter()
    due = now + options.min_duration if options.min_duration > 0 else 0.0
    return function.key, entry, now, due, is_secret


def _is_shown(function: Function, stack: Stack) -> bool:
    """Tell if a call has lines: not if who is asked fails, which is told of once."""
    options, levels = function.options, stack.depth + stack.late
    if options.max_depth is not None and levels >= options.max_depth:
        return False
    try:
        return options.enabled is None or bool(options.enabled())
    except BaseException as error:
        if is_the_programs(error):
            raise
        if not function.has_failed:
            function.has_failed = True
            told(f"`enabled` of {function.name} failed, so a call has no line", error)
        return False


def end(function: Function, stack: Stack, result: object) -> None:
    """Tell that a call returns."""
    call = _running(function, stack)
    if call[ENTRY] is not None:
        tell(RETURN, function, stack, call, function.show_result(result, call))
    stack.end(call)


def fail(function: Function, stack: Stack, error: BaseException) -> None:
    """Tell that an exception leaves a call."""
    call = _running(function, stack)
    try:
        if call[ENTRY] is not None:
            tell(RAISE, function, stack, call, function.show(error))
    finally:
        stack.end(call)


def suspend(function: Function, stack: Stack, value: object, *, is_await: bool) -> Call:
    """Tell that a call waits; returns what `resume` is to be given."""
    call = _running(function, stack)
    if _tells_suspends(function, stack, call):
        detail = None if is_await else function.show_result(value, call)
        tell(SUSPEND, function, stack, call, detail)
    stack.end(call)
    return call


def resume(
    function: Function,
    stack: Stack,
    call: Call | None,
    thrown: BaseException | None = None,
    sent: object = None,
) -> None:
    """Tell that a call goes on, with what is thrown into it or sent, if anything is."""
    call = call or _unknown(function)
    stack.push(call)
    if _tells_suspends(function, stack, call):
        if sent is not None and (text := function.show_result(sent, call)) is not None:
            tell(RESUME_SENT, function, stack, call, text)
            return
        detail = None if thrown is None else function.show(thrown)
        tell(RESUME, function, stack, call, detail)


def _tells_suspends(function: Function, stack: Stack, call: Call) -> bool:
    options = function.options
    if not options.suspends or options.min_duration > 0 or call[ENTRY] is None:
        return False
    return options.max_depth is None or stack.depth + stack.late <= options.max_depth


def _running(function: Function, stack: Stack) -> Call:
    """Return the call of a function that runs, the last on the stack from now on.

    While a line about it is written it stays there: an error that goes through to the
    program makes the call fail, and that ends it.
    """
    call = stack.running(function)
    if call is None:
        call = _unknown(function)
        stack.push(call)
    return call


def _unknown(function: Function) -> Call:
    """Stand for a call whose begin was not seen."""
    entry = function.options.form.unknown(function)
    return _call(function, entry, is_secret=function.looks_up)


def tell(
    event: int, function: Function, stack: Stack, call: Call, detail: str | None
) -> None:
    """Write a line, if the call has lasted long enough, with its duration."""
    options = function.options
    if not options.is_timed and not call[DUE]:
        say(event, function, stack, call[ENTRY], detail)
        return
    now = perf_counter()
    if call[DUE] > now:
        return
    is_shown = options.durations or options.min_duration > 0
    # It may have begun while nobody asked for times.
    took = Took(now - call[BEGAN], is_shown) if call[BEGAN] >= 0 else None
    late = stack.due(now) if call[DUE] else 0
    say(event, function, stack, call[ENTRY], detail, took, late)


def say(
    event: int,
    function: Function,
    stack: Stack,
    entry: Any,
    detail: str | None = None,
    took: Took | None = None,
    late: int = 0,
) -> None:
    """Write a line about the last call of the stack.

    Calls are indented by those around them that have a line; a line that is the only
    one of its call, at its end, by the `late` as well that are sure to follow.
    """
    line = function.options.form.line(
        event, function, stack.depth + late - 1, entry, detail, speaker(stack), took
    )
    try:
        function.emit(line)
    except BaseException as error:
        failed(function, error)


def failed(function: Function, error: BaseException) -> None:
    """Take an error of a sink; raise it again if it is the program's own."""
    if is_the_programs(error):
        raise error
    function.options.sink.failed(function, error)


def contained(
    action: Callable[..., Any], function: Function, stack: Stack, *args: Any
) -> Any:
    """Do one of these for a wrapper: nothing in it is logged, its errors end here.

    One that is the program's own goes through, and ends the call that it is about.
    """
    if stack.is_busy:
        return None
    stack.is_busy = True
    try:
        return action(function, stack, *args)
    except BaseException as error:
        if not is_the_programs(error):
            return None
        if stack.running(function) is not None and action is not fail:
            stack.pop()
        raise
    finally:
        stack.is_busy = False
