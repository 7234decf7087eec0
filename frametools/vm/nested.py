"""Code run in a frame above another one, by what C code does in CPython.

`exec`, `eval` and `__build_class__` enter the evaluation loop anew there as well:
PyEval_EvalCode and PyEval_Vector in Python/ceval.c.
"""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import isinstance
from frametools.vm.entry import trampoline
from frametools.vm.frame import NULL, InterpreterFrame, Shim
from frametools.vm.interpreter import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.code import Code


def builtins_of(caller: InterpreterFrame, global_names: dict[str, Any]) -> Any:
    """Return the builtins of code with these globals: `_PyEval_BuiltinsFromGlobals`."""
    found = global_names.get("__builtins__")
    if found is None:
        return caller.f_builtins
    return found.__dict__ if isinstance(found, ModuleType) else found


def run_code(
    caller: InterpreterFrame,
    code: Code,
    global_names: dict[str, Any],
    local_names: Any,
    closure: Any = None,
) -> Any:
    """Run code in these namespaces, in a frame above `caller`: PyEval_EvalCode."""
    func = None
    if closure or code.resumable:
        func = FunctionType(trampoline(code), global_names, None, None, closure)
    builtins = builtins_of(caller, global_names)
    return run(caller, code, func, global_names, builtins, local_names)


def run(
    caller: InterpreterFrame,
    code: Code,
    func: Callable[..., Any] | None,
    global_names: dict[str, Any],
    builtins: Any,
    local_names: Any,
) -> Any:
    """Run a frame without arguments above `caller`, and return what it returns."""
    thread = caller.thread
    depth = caller.depth + 1
    if depth > thread.safe_depth:
        thread.check_depth(caller.depth)
    shim = Shim(thread, caller, caller.depth)
    frame = InterpreterFrame(
        code,
        shim,
        func,
        global_names,
        builtins,
        [NULL] * code.nlocalsplus,
        thread,
        depth,
    )
    frame.f_locals = local_names
    return evaluate(frame, shim)
