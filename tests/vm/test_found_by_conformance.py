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


FUNCTIONS: list[Callable[[], Any]] = [
    function_of_module_code,
    function_of_module_code_called_natively,
    builtins_of_a_new_function,
    branches_where_lines_begin,
    attributes_that_stay,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()
