"""Tracebacks with the variables of each frame.

    with enhanced_traceback():      what leaves the block gets a note with them
    @enhanced_traceback             ... what leaves the function, of any kind
    format(exc)  print(exc)         the text that people know, with variables
    to_dict(exc)  capture(exc)      plain data, for JSON
    install()  uninstall()          every traceback of the program
    Formatter                       for logging

    exception ---> capture ---> TracebackSnapshot ---> rendering ---> text
                   stack        (plain data)           carets         note
                   libraries                           colours        JSON
                   frames, values, missing             repeats

Values are bounded while their text is built, secrets are hidden by name, a name without
a value says so, and nothing of the program is kept alive. If we fail, there is Python's
own traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools.snapshot import FrameSnapshot, TracebackSnapshot
from frametools.tracebacks.annotating import EnhancedError
from frametools.tracebacks.capture import capture
from frametools.tracebacks.enhanced import enhanced_traceback
from frametools.tracebacks.hooks import Installation, install, uninstall
from frametools.tracebacks.options import Options
from frametools.tracebacks.printing import format, print, to_dict  # noqa: A004

if TYPE_CHECKING:
    from frametools.tracebacks.logs import Formatter, asyncio_handler

__all__ = [
    "EnhancedError",
    "Formatter",
    "FrameSnapshot",
    "Installation",
    "Options",
    "TracebackSnapshot",
    "asyncio_handler",
    "capture",
    "enhanced_traceback",
    "format",
    "install",
    "print",
    "to_dict",
    "uninstall",
]


def __getattr__(name: str) -> object:
    """Load what needs `logging` when it is first asked for."""
    if name not in {"Formatter", "asyncio_handler"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from frametools.tracebacks import logs

    return getattr(logs, name)
