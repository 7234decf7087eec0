"""What CPython's own test files found, each as a small function."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

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


FUNCTIONS: list[Callable[[], Any]] = [
    function_of_module_code,
    function_of_module_code_called_natively,
    builtins_of_a_new_function,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()
