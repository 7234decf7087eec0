"""What CPython's other test files found: each function tells the same anywhere."""

# ruff: noqa: D103

from __future__ import annotations

import gc
import inspect
import opcode
import sys
from typing import Any


def attributes_that_are_missing() -> Any:
    def generator() -> Any:
        yield

    things = [sys._getframe(), generator()]
    return [hasattr(thing, "__module__") for thing in things]


def loop_over_a_generator_with_a_value() -> Any:
    def generator() -> Any:
        yield 0
        return 123

    def loop() -> None:
        for _ in generator():
            pass

    events = []

    def trace(frame: Any, event: str, arg: Any) -> Any:
        events.append((event, frame.f_code.co_name, frame.f_lineno, repr(arg)))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        loop()
    finally:
        sys.settrace(before)
    return events


def who_refers_to_code() -> Any:
    def function() -> None: ...

    found = gc.get_referrers(function.__code__)
    return [thing.__name__ for thing in found if inspect.isfunction(thing)]


def unknown_opcode() -> Any:
    def function() -> None: ...

    op = opcode.opname.index("<229>")
    raw = function.__code__.co_code
    first = raw.index(bytes((opcode.opmap["RESUME"],)))
    raw = raw[:first] + bytes((op,)) + raw[first + 1 :]
    function.__code__ = function.__code__.replace(co_code=raw)
    if sys.version_info < (3, 13):  # the process crashes
        return None
    try:
        function()
    except SystemError as error:
        return str(error)
