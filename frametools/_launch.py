"""Start a program exactly as the interpreter itself would.

    find(["app.py", "-v"])  -> Program   what is meant; LaunchError if it is not there
    run(program)                         __main__, sys.argv, sys.path[0], then the code

         command line --> _launch_find --> Program --> _launch_main   what it finds
                                                   --> _launch_code   what is run
                                                   --> _launch_end    how it ends

The model is `pymain_run_python` in CPython's Modules/main.c. What plain Python does for
each kind of program, version by version, is held fast in tests/test_launch.py and
tests/battery, which ask plain Python.
"""

from __future__ import annotations

import sys

from frametools._launch_code import compile_program
from frametools._launch_end import prepare
from frametools._launch_find import LaunchError, Program, find
from frametools._launch_main import (
    FORGETS_FILE_AFTER_EXIT,
    flush,
    forget_file,
    set_first_path,
    set_main,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    Globals = dict[str, Any]
    Call = Callable[[CodeType, Globals], object]

__all__ = ["LaunchError", "Program", "find", "run"]

# runpy's own frames stand at the bottom of a module's stack and traceback, as in plain
# Python; this line is what calls it.
_CALL_RUNPY = compile("_main(_name, _alter_argv)", __file__, "exec", dont_inherit=True)


def run(
    program: Program,
    *,
    before: Callable[[], object] | None = None,
    call: Call = exec,
) -> None:
    """Run a program as `__main__` of this process; returns when its code has ended.

    `before()` is called last before the code; `call(code, globals)` runs the code.
    A program that ends by an exception lets that exception out of here: let it leave
    the process untouched, and the interpreter ends it as it ends any other (excepthook,
    exit status, death by SIGINT), with none of our frames shown. Raises LaunchError
    when only now the program proves not to be there.
    """
    sys.argv = list(program.argv)
    set_first_path(program)
    set_main(program)
    if program.kind in ("module", "container"):
        _run_module(program, before, call)
    else:
        _run_source(program, before, call)


# No local variable below may name the new `__main__` or its dict: a traceback of the
# program can outlive these frames, and would keep them alive longer than they live in
# plain Python.


def _run_source(
    program: Program, before: Callable[[], object] | None, call: Call
) -> None:
    try:
        code = compile_program(program)
    except BaseException as error:
        _end(program, error)
        raise
    if before is not None:
        before()
    try:
        call(code, sys.modules["__main__"].__dict__)
    except BaseException as error:
        flush(program)
        _end(program, error)
        raise
    flush(program)
    forget_file(program)


def _run_module(
    program: Program, before: Callable[[], object] | None, call: Call
) -> None:
    import runpy

    is_module = program.kind == "module"
    names: Globals = {
        "_main": runpy._run_module_as_main,  # type: ignore[attr-defined]
        "_name": program.target if is_module else "__main__",
        "_alter_argv": is_module,
    }
    if before is not None:
        before()
    try:
        call(_CALL_RUNPY, names)
    except BaseException as error:
        complaint = _complaint_of_runpy(error, names["_main"].__code__)
        if not complaint:
            _end(program, error)
            raise
    else:
        return
    raise LaunchError(complaint)


def _end(program: Program, error: BaseException) -> None:
    """Prepare for `error` to end the process."""
    if not isinstance(error, SystemExit):
        prepare(error, lambda: forget_file(program))
    elif FORGETS_FILE_AFTER_EXIT:
        forget_file(program)


def _complaint_of_runpy(error: BaseException, raiser: CodeType) -> str:
    """Return runpy's own "No module named ..." if that is what `error` is, else ""."""
    if not isinstance(error, SystemExit):
        return ""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None or traceback.tb_frame.f_code is not raiser:
        return ""
    return str(error.code).removeprefix(f"{sys.executable}: ")
