"""What CPython's own test files found, each as a small function."""

from __future__ import annotations

import ast
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from frametools._python import HAS_MONITORING
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable


def function_of_module_code() -> Any:
    """Names of a module's code are those of the function's globals."""
    source = "async def f(): pass\na = await f()\nn = [x for x in (1, 2)]"
    co = compile(source, "?", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    names: dict[str, Any] = {}
    function: Any = FunctionType(co, names)
    coroutine = function()
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value, sorted(names)
    return None


def function_of_module_code_called_natively() -> Any:
    """As above, called by C code."""
    names = {"a": 1}
    function = FunctionType(compile("b = a + 1", "?", "exec"), names)
    list(map(FunctionType.__call__, [function]))
    return sorted(names.items())


def builtins_of_a_new_function() -> Any:
    """A function whose globals have no builtins gets those of its maker."""
    few = {"None": None}
    names: dict[str, Any] = {"type": type, "__builtins__": few}
    exec("def f(): pass\ng = type(f)(f.__code__, {})", names)
    return names["f"].__builtins__ is few, names["g"].__builtins__ is few


def branches_where_lines_begin() -> Any:
    """What BRANCH says where LINE or INSTRUCTION is watched as well."""
    if not HAS_MONITORING:
        return None
    monitoring: Any = sys.monitoring
    found: list[Any] = []

    def loop() -> None:
        for item in range(2):
            if item:
                pass
            else:
                item = 1

    events = monitoring.events
    monitoring.use_tool_id(3, "test")
    monitoring.register_callback(3, events.BRANCH, lambda _, *at: found.append(at))
    for more in (0, events.LINE, events.INSTRUCTION, events.LINE | events.INSTRUCTION):
        monitoring.set_local_events(3, loop.__code__, events.BRANCH | more)
        loop()
        found.append(more)
    monitoring.free_tool_id(3)
    return found


def attributes_that_stay() -> Any:
    """What deleting the attributes of a frame raises."""
    frame = sys._getframe()
    said = []
    names = ["f_trace_lines", "f_lineno", "f_code"]
    if sys.version_info >= (3, 14):  # before, the host crashes
        names.append("f_trace_opcodes")
    for name in names:
        try:
            delattr(frame, name)
        except (AttributeError, TypeError) as error:
            said.append(repr(error))
    return said


class _OfC:
    method = classmethod(repr)


def profiled_methods_of_c() -> Any:
    """What a profile function sees of a bound method whose function is one of C."""
    events: list[str] = []
    method: Any = _OfC().method
    nothing: tuple[Any, ...] = ()
    sys.setprofile(lambda _frame, event, _arg: events.append(event))
    method()
    method(*nothing)
    sys.setprofile(None)
    return events


def watched_calls_that_fail() -> Any:
    """What monitoring tells of `super` that fails, and of a method of C."""
    if not HAS_MONITORING:
        return None
    monitoring: Any = sys.monitoring
    events = monitoring.events
    found: list[Any] = []
    nothing: tuple[Any, ...] = (1, 2)

    def fail() -> Any:
        method: Any = _OfC().method
        try:
            method(*nothing)
        except TypeError:
            return super(int, "").no_int  # type: ignore[misc]

    monitoring.use_tool_id(3, "test")
    for name in ("CALL", "C_RETURN", "C_RAISE"):

        def tell(_co: Any, at: int, _fn: Any, _me: Any, name: str = name) -> None:
            found.append((name, at))

        monitoring.register_callback(3, getattr(events, name), tell)
    monitoring.set_local_events(3, fail.__code__, events.CALL)
    try:
        fail()
    except TypeError as error:
        found.append(str(error))
    monitoring.free_tool_id(3)
    return found


def place_of_a_branch() -> Any:
    """Where the frame is when a branch is told of."""
    if not HAS_MONITORING:
        return None
    monitoring: Any = sys.monitoring
    found: list[Any] = []

    def choose(item: int) -> int:
        if item:
            return 1
        return 0

    def tell(co: Any, at: int, to: int) -> None:
        frame: Any = sys._getframe()
        while frame.f_code is not co:
            frame = frame.f_back
        found.append((at, to, frame.f_lasti, frame.f_lineno - co.co_firstlineno))

    monitoring.use_tool_id(3, "test")
    monitoring.register_callback(3, monitoring.events.BRANCH, tell)
    monitoring.set_local_events(3, choose.__code__, monitoring.events.BRANCH)
    choose(0)
    choose(1)
    monitoring.free_tool_id(3)
    return found


def jump_from_a_yield() -> Any:
    """A trace function sets f_lineno while a yield is told of."""
    found: list[Any] = []

    def generate() -> Any:
        found.append("run")
        yield 3

    def trace(frame: Any, event: str, _arg: Any) -> Any:
        returns = frame.f_code is generate.__code__ and event == "return"
        if returns and found == ["run"]:
            found.append("jump")
            frame.f_lineno -= 1
        return trace

    sys.settrace(trace)
    try:
        next(generate())
    finally:
        sys.settrace(None)
    return found


def traceback_of_what_is_ignored() -> Any:
    """A generator raises while it is destroyed: only its frame is in the traceback."""
    seen: list[Any] = []

    def generate() -> Any:
        try:
            yield 1
        finally:
            seen.append(None)
            raise ValueError

    def hook(args: Any) -> None:
        trace = args.exc_traceback
        while trace is not None:
            seen.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next

    before, sys.unraisablehook = sys.unraisablehook, hook
    try:
        next(generate())
    finally:
        sys.unraisablehook = before
    return seen


def names_of_annotate() -> Any:
    """How the functions that compute annotations are called."""
    source = """
def f() -> None: pass
class C:
    x: int
    def m(self, x: int): pass
"""
    names: dict[str, Any] = {}
    exec(source, names)
    found = [names["f"], names["C"], names["C"].m]
    return [getattr(getattr(x, "__annotate__", x), "__qualname__", None) for x in found]


def sets_that_are_none() -> Any:
    """A program sets the name that the compiler keeps a set in."""
    try:
        exec("__conditional_annotations__ = 0\nx: int", {})
    except TypeError as error:
        return str(error)
    return None


def lazy_imports() -> Any:
    """Where an import may be lazy."""
    said = []
    for source in ("lazy import json", "json = __lazy_import__('json')"):
        names: dict[str, Any] = {}
        for local_names in ({}, names):
            try:
                exec(source, names, local_names)
                said.append(type(local_names["json"]).__name__)
            except (SyntaxError, NameError) as error:
                said.append(repr(error))
    return said


FUNCTIONS: list[Callable[[], Any]] = [
    function_of_module_code,
    function_of_module_code_called_natively,
    builtins_of_a_new_function,
    branches_where_lines_begin,
    attributes_that_stay,
    profiled_methods_of_c,
    watched_calls_that_fail,
    place_of_a_branch,
    jump_from_a_yield,
    traceback_of_what_is_ignored,
    names_of_annotate,
    sets_that_are_none,
    lazy_imports,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()
