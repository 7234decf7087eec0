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
from frametools._launch_end import (
    keep_death_by_sigint,
    prepare,
    watch_again_at_exit,
)
from frametools._launch_find import LaunchError, Program, find
from frametools._launch_main import (
    FILE_KINDS,
    FILE_NAMES,
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

__all__ = ["LaunchError", "Program", "find", "keep_death_by_sigint", "run"]

# runpy's own frames stand at the bottom of a module's stack and traceback, as in plain
# Python; this line is what calls it.
_CALL_RUNPY = compile("_main(_name, _alter_argv)", __file__, "exec", dont_inherit=True)

# A C function called through this is not seen by a profile function of 3.11. (Later
# versions see nothing of a frame that was running before.)
_quietly: Any = type(len).__call__


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
    try:
        code, names, first = _code_to_call(program)
    except BaseException as error:
        _end(program, error, run.__code__)
        raise
    if before is not None:
        before()
    try:
        _call(call, code, names)
    except BaseException as error:
        if first is not code:
            _check_that_module_was_found(error, first)
        flush(program)
        _end(program, error, first)
        raise
    # flush() and forget_file(), but with no call: a tool of the program's on
    # sys.monitoring may still be on, and would see our functions.
    if program.kind in FILE_KINDS:
        for stream in ("stderr", "stdout"):
            try:
                getattr(sys, stream).flush()
            except BaseException:
                continue
        for name in FILE_NAMES:
            sys.modules["__main__"].__dict__.pop(name, None)


def _call(call: Call, code: CodeType, names: Globals | None) -> None:
    """Run the code, then put the program's trace and profile functions off.

    While they are on, no Python function of ours may be called: they would see it. No
    local variable may name the new `__main__` or its dict: a traceback of the program
    can outlive this frame, and would keep them alive longer than plain Python does.
    """
    trace, profile = _quietly(sys.gettrace), _quietly(sys.getprofile)
    try:
        call(code, names or sys.modules["__main__"].__dict__)
    finally:
        left_trace, left_profile = _quietly(sys.gettrace), _quietly(sys.getprofile)
        if left_trace is not trace:
            _quietly(sys.settrace, None)
        if left_profile is not profile and _quietly(callable, left_profile):
            _quietly(sys.setprofile, None)
        if left_trace is not trace or left_profile is not profile:
            watch_again_at_exit(trace, profile, left_trace, left_profile)


def _code_to_call(program: Program) -> tuple[CodeType, Globals | None, CodeType]:
    """Return the code to call, its globals if not `__main__`'s, the first code seen."""
    if program.kind not in ("module", "container"):
        code = compile_program(program)
        return code, None, code
    import runpy

    is_module = program.kind == "module"
    main = runpy._run_module_as_main  # type: ignore[attr-defined]
    name = program.target if is_module else "__main__"
    names = {"_main": main, "_name": name, "_alter_argv": is_module}
    return _CALL_RUNPY, names, main.__code__


def _end(program: Program, error: BaseException, first: CodeType) -> None:
    """Prepare for `error` to end the process; the program's first frame ran `first`."""
    if not isinstance(error, SystemExit):
        frames = (_call.__code__, first)
        prepare(error, frames, lambda: forget_file(program))
    elif FORGETS_FILE_AFTER_EXIT:
        forget_file(program)


def _check_that_module_was_found(error: BaseException, runpy_main: CodeType) -> None:
    """Raise LaunchError if `error` is runpy's own "No module named ..."."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    is_from_runpy = traceback is not None and traceback.tb_frame.f_code is runpy_main
    if is_from_runpy and isinstance(error, SystemExit):
        complaint = str(error.code).removeprefix(f"{sys.executable}: ")
        raise LaunchError(complaint) from None
