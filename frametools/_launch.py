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
    is_same,
    keep_death_by_sigint,
    prepare,
    watch_again_at_exit,
)
from frametools._launch_find import LaunchError, Program, find
from frametools._launch_main import (
    FILE_KINDS,
    FILE_NAMES,
    flush,
    forget_file,
    set_first_path,
    set_main,
)
from frametools._python import FORGETS_FILE_AFTER_EXIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    Call = Callable[..., object]

__all__ = ["LaunchError", "Program", "find", "keep_death_by_sigint", "run"]

# A C function called through this is not seen by a profile function of 3.11. (Later
# versions see nothing of a frame that was running before.)
_quietly: Any = type(len).__call__


def _run_plainly(what: Any, *args: Any) -> object:
    if callable(what):
        return what(*args)
    exec(what, *args)
    return None


def run(
    program: Program,
    *,
    before: Callable[[], object] | None = None,
    call: Call = _run_plainly,
) -> None:
    """Run a program as `__main__` of this process; returns when its code has ended.

    `before()` is called last before the code. `call(code, globals)` runs the code, or
    `call(function, *args)` where the interpreter calls runpy.
    A program that ends by an exception lets that exception out of here: let it leave
    the process untouched, and the interpreter ends it as it ends any other (excepthook,
    exit status, death by SIGINT), with none of our frames shown. Raises LaunchError
    when only now the program proves not to be there.
    """
    sys.argv = list(program.argv)
    set_first_path(program)
    set_main(program)
    try:
        what, args = _what_to_call(program)
    except BaseException as error:
        _end(program, error, run.__code__)
        raise
    if before is not None:
        before()
    try:
        _call(call, what, args)
    except BaseException as error:
        first = getattr(what, "__code__", what)
        if first is not what:
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


def _call(call: Call, what: Any, args: tuple[Any, ...]) -> None:
    """Run the code, then put the program's trace and profile functions off.

    While they are on, no Python function of ours may be called: they would see it. No
    local variable may name the new `__main__` or its dict: a traceback of the program
    can outlive this frame, and would keep them alive longer than plain Python does.
    """
    trace, profile = _quietly(sys.gettrace), _quietly(sys.getprofile)
    try:
        if args:
            call(what, *args)
        else:
            call(what, sys.modules["__main__"].__dict__)
    finally:
        left_trace, left_profile = _quietly(sys.gettrace), _quietly(sys.getprofile)
        if left_trace is not trace:
            _quietly(sys.settrace, None)
        if left_profile is not profile and _quietly(callable, left_profile):
            _quietly(sys.setprofile, None)
        if left_trace is not trace or left_profile is not profile:
            watch_again_at_exit(trace, profile, left_trace, left_profile)


def _what_to_call(program: Program) -> tuple[Any, tuple[Any, ...]]:
    """Return code to run in `__main__`, or runpy's function and its arguments."""
    if program.kind not in ("module", "container"):
        return compile_program(program), ()
    import runpy

    is_module = program.kind == "module"
    name = program.target if is_module else "__main__"
    return runpy._run_module_as_main, (name, is_module)  # type: ignore[attr-defined]


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
    is_from_runpy = traceback is not None and is_same(
        traceback.tb_frame.f_code, runpy_main
    )
    if is_from_runpy and isinstance(error, SystemExit):
        complaint = str(error.code).removeprefix(f"{sys.executable}: ")
        raise LaunchError(complaint) from None
