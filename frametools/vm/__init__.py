r"""PREDICT: CPython's frames, executable, on the interpreter's own bytecode.

    callable, code --> VM.code: Code (decoded once)     host functions --> calling.py
                             |                                   ^  |
       entry.py ------> evaluate(frame) <---------------------- trampolines
                             |   opcodes/*: a function per instruction
                             v
    InterpreterFrame                          `_PyInterpreterFrame`
    +--------------+----------+-----------+-----------+-----------+---------+
    | f_executable | previous | f_funcobj | f_globals | f_builtins| f_locals|
    | frame_obj    | instr_ptr| return_offset | stackpointer      | owner   |
    +--------------+----------+---------------+-------------------+---------+
    | localsplus:  [ fast locals | cells | free variables | value stack -> ]|
    +-----------------------------------------------------------------------+

`call` and `run` run a function, `run` with a Recording; `steps` stops after each
instruction, `trace` prints them, `layout` maps localsplus; `interpreted` is for one
function, `VM` for more. `python -m frametools.vm` runs a program.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.snapshot import Step
    from frametools.vm.localsplus import Layout, layout
    from frametools.vm.policy import Policy
    from frametools.vm.running import call, interpreted, run
    from frametools.vm.show import trace
    from frametools.vm.stepping import Steps, steps
    from frametools.vm.vm import VM

__all__ = [
    "VM",
    "Layout",
    "Policy",
    "Step",
    "Steps",
    "call",
    "interpreted",
    "layout",
    "run",
    "steps",
    "trace",
]

_HOMES = {
    "VM": "vm.vm",
    "Layout": "vm.localsplus",
    "Policy": "vm.policy",
    "Step": "snapshot",
    "Steps": "vm.stepping",
    "call": "vm.running",
    "interpreted": "vm.running",
    "layout": "vm.localsplus",
    "run": "vm.running",
    "steps": "vm.stepping",
    "trace": "vm.show",
}


def __getattr__(name: str) -> object:
    """Import what is public when it is asked for: the runner needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"frametools.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what is public before it has been imported, too."""
    return sorted({*globals(), *__all__})
