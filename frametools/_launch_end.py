"""Let a program end by an exception as if nobody had been below it.

The exception passes through our frames to the interpreter, which then does all that
belongs to an end: prints, chooses the exit status, and after KeyboardInterrupt dies by
SIGINT (gh-54301). Only its view is corrected, from a `sys.excepthook` that lives for
that moment: it cuts our frames off the traceback, puts the program's hook back and
calls it.

Tried and left: printing here and then `sys.exit(1)` loses the death by SIGINT on 3.11
and 3.12, where SystemExit leaves the process from within `PyErr_Print`.
"""

from __future__ import annotations

import os
import sys

from frametools._python import HAS_LAST_EXC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, TracebackType
    from typing import Any

    Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]

# Kept from before the program could replace it.
_display: Hook = sys.__excepthook__


def watch_again_at_exit(
    trace: Any, profile: Any, left_trace: Any, left_profile: Any
) -> None:
    """Give the trace and profile functions that the program left on back to it.

    They were put off to see none of our frames end. As atexit callbacks that come
    before those of the program, and are no Python functions, they are on again in time.
    What is not callable was left alone (cProfile's before 3.12: only C can set it).
    """
    import atexit

    if left_trace is not trace:
        atexit.register(sys.settrace, left_trace)
    if left_profile is not profile and callable(left_profile):
        atexit.register(sys.setprofile, left_profile)


def keep_death_by_sigint() -> None:
    """Let the process die by SIGINT all the same, though code of ours ran at exit.

    For the last of our atexit callbacks, after a program that KeyboardInterrupt ended:
    until 3.13 the interpreter forgets that as soon as `exec` or `eval` is given text,
    as namedtuple does. The same way it is told again (`run_eval_code_obj`).
    """
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        return


def prepare(
    error: BaseException, frames: tuple[CodeType, CodeType], finish: Callable[[], None]
) -> None:
    """Get ready for `error` to leave the process; call `finish` when it was shown.

    `frames` is the code of our last frame and of the program's first one. Not for
    SystemExit, which is never shown.
    """
    had_hook = hasattr(sys, "excepthook")
    theirs: Hook | None = getattr(sys, "excepthook", None)

    def excepthook(
        kind: type[BaseException],
        shown: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        if had_hook:
            sys.excepthook = theirs  # type: ignore[assignment]
        else:
            del sys.excepthook
        if shown is error_to_show:
            traceback = strip(shown, *frames)
            _set_last(kind, shown, traceback)
        try:
            _show(theirs, had_hook, kind, shown, traceback)
        finally:
            finish()

    error_to_show = error
    sys.excepthook = excepthook


def strip(
    error: BaseException, ours: CodeType, first: CodeType
) -> TracebackType | None:
    """Cut the traceback of `error` to what begins with the frame of `first`.

    That of `ours` is searched before it: we may have been started by runpy too.
    """
    traceback = error.__traceback__
    for code in (ours, first):
        while traceback is not None and not is_same(traceback.tb_frame.f_code, code):
            traceback = traceback.tb_next
    error.__traceback__ = traceback
    return traceback


def is_same(shown: CodeType, code: CodeType) -> bool:
    """Tell if the code of a traceback's frame is `code`, or stands for it.

    The reference VM's tracebacks have copies of the code that it runs.
    """
    return shown is code or (
        shown.co_firstlineno == code.co_firstlineno
        and shown.co_name == code.co_name
        and shown.co_filename == code.co_filename
    )


def _set_last(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Set again what `PyErr_PrintEx` set, now with the traceback cut."""
    last = {"last_type": kind, "last_value": error, "last_traceback": traceback}
    if HAS_LAST_EXC:
        last["last_exc"] = error
    sys.__dict__.update(last)


def _show(
    hook: Hook | None,
    had_hook: bool,
    kind: type[BaseException],
    error: BaseException,
    traceback: TracebackType | None,
) -> None:
    """Show an exception as `PyErr_PrintEx` does, broken hooks included."""
    if not had_hook:
        _to_stderr("sys.excepthook is missing\n")
        _display(kind, error, traceback)
        return
    try:
        hook(kind, error, traceback)  # type: ignore[misc]
    except SystemExit:
        raise
    except BaseException as broken:
        broken.__traceback__ = broken.__traceback__ and broken.__traceback__.tb_next
        _to_stderr("Error in sys.excepthook:\n")
        _display(type(broken), broken, broken.__traceback__)
        _to_stderr("\nOriginal exception was:\n")
        _display(kind, error, error.__traceback__)


def _to_stderr(text: str) -> None:
    """Write as `PySys_WriteStderr`: to sys.stderr, or else to the descriptor."""
    try:
        sys.stderr.write(text)
    except BaseException:
        _write_to_descriptor(text.encode("utf-8", "backslashreplace"))


def _write_to_descriptor(text: bytes) -> None:
    try:
        os.write(2, text)
    except OSError:
        return  # there is no standard error: nobody to tell
