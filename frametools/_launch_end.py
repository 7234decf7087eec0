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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]

_HAS_LAST_EXC = sys.version_info >= (3, 12)

# Kept from before the program could replace it.
_display: Hook = sys.__excepthook__

# Filenames of the code that may be below the program's, as in `co_filename`.
_OURS = tuple(
    __file__.replace("_launch_end", name) for name in ("_launch", "_launch_code")
)


def prepare(error: BaseException, finish: Callable[[], None]) -> None:
    """Get ready for `error` to leave the process; call `finish` when it was shown.

    Not for SystemExit, which is never shown.
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
            traceback = strip(shown)
            _set_last(kind, shown, traceback)
        try:
            _show(theirs, had_hook, kind, shown, traceback)
        finally:
            finish()

    error_to_show = error
    sys.excepthook = excepthook


def strip(error: BaseException) -> TracebackType | None:
    """Cut our frames and those below off the traceback of `error`; return the rest."""
    traceback = rest = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in _OURS:
            rest = traceback.tb_next
        traceback = traceback.tb_next
    error.__traceback__ = rest
    return rest


def _set_last(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Set again what `PyErr_PrintEx` set, now with the traceback cut."""
    last = {"last_type": kind, "last_value": error, "last_traceback": traceback}
    if _HAS_LAST_EXC:
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
