"""`format`, `print` and `to_dict`: an exception as text, or for JSON.

Whatever goes wrong on our side, there is a traceback: Python's own then.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools.tracebacks.capture import capture, capture_given
from frametools.tracebacks.colours import COLOURED, PLAIN, encodable, wants_colour
from frametools.tracebacks.fields import checked, traceback_of
from frametools.tracebacks.libraries import Libraries
from frametools.tracebacks.messages import type_name
from frametools.tracebacks.options import Options
from frametools.tracebacks.rendering import render

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO, Unpack

    from frametools.tracebacks.options import Choices

_HANDLED: Any = ...
OURS = (Exception, SystemExit, GeneratorExit)
"""What may go wrong here; a KeyboardInterrupt is the user's, and what a signal handler
raises is the program's: `is_the_programs`."""


def format(  # noqa: A001 - so it is called, in errors too
    exc: BaseException, *, colour: bool = False, **options: Unpack[Choices]
) -> str:
    """Return the traceback of an exception with the variables of each frame, as text.

    The layout is Python's; it ends with a line end. Options are those of `Options`: a
    TypeError if there is no such option or it is no exception, and nothing else is
    raised: if we fail, the text is that of `traceback.format_exception`. About 20 us
    per frame kept, and what the `__repr__`s of the program take, up to `budget`. The
    exception and its frames are left as they were, and nothing of them is kept.
    """
    exc = checked(exc, "format")
    return format_given(exc, traceback_of(exc), colour=colour, **options)


def format_given(
    exc: BaseException,
    traceback: TracebackType | None,
    /,
    *,
    colour: bool = False,
    **options: Unpack[Choices],
) -> str:
    """Do what `format` does, with the traceback that logging was given."""
    chosen = Options.checked(options, colour=colour)
    try:
        snapshot = capture_given(exc, traceback, **options)
        return render(snapshot, COLOURED if colour else PLAIN, chosen)
    except OURS as error:
        if is_the_programs(error):
            raise
        return standard(exc, traceback)


def print(  # noqa: A001
    exc: BaseException = _HANDLED,
    *,
    file: IO[str] | None = None,
    colour: bool | None = None,
    **options: Unpack[Choices],
) -> None:
    """Print what `format` gives; by default of the exception being handled.

    To stderr, if no `file` is given. Coloured if `colour` says so, else by
    PYTHON_COLORS, NO_COLOR, FORCE_COLOR and whether it is a terminal. What the file's
    encoding lacks is replaced. A ValueError if none is being handled, a TypeError if
    there is no such option, or what is given is no exception or no stream; errors of
    the file go through. Costs what `format` does.
    """
    told = False if colour is None else colour
    Options.checked(options, file=file, colour=told)
    shown = sys.exception() if exc is _HANDLED else checked(exc, "print")
    if shown is None:
        raise ValueError("no exception is being handled")
    file = sys.stderr if file is None else file
    if file is None:  # there is no stderr: pythonw, or closed at the start
        return
    coloured = wants_colour(file) if colour is None else colour
    text = format(shown, colour=coloured, **options)
    file.write(encodable(text, file))


def to_dict(exc: BaseException, **options: Unpack[Choices]) -> dict[str, Any]:
    """Return the exception as a dict that JSON can hold, for logs.

    It is `TracebackSnapshot.to_dict`, with a `version`; docs/tracebacks.md lists the
    keys. A library's frames say so by `is_library`; none is folded. Options, errors and
    cost are those of `format`; if we fail, there are no frames in it.
    """
    exc = checked(exc, "to_dict")
    chosen = Options.checked(options)
    try:
        data = capture(exc, **options).to_dict()
        _mark(data, Libraries(chosen.suppress))
        return data
    except OURS as error:
        if is_the_programs(error):
            raise
        name = type_name(type(exc))
        fields = {"message": "", "frames": [], "left": 0, "handled": None}
        return {"version": 1, "type": name, **fields, "escaped": False}


def _mark(data: dict[str, Any], libraries: Libraries) -> None:
    """Mark the frames of libraries, those of other exceptions in it too."""
    for frame in data["frames"]:
        if libraries[frame["code"][1]]:
            frame["is_library"] = True
    for name in ("cause", "context"):
        if name in data:
            _mark(data[name], libraries)
    for member in data.get("members", ()):
        _mark(member, libraries)


def standard(exc: BaseException, given: TracebackType | None) -> str:
    """Give the text of Python's own traceback; as much of it as can be had."""
    import traceback

    try:
        return "".join(traceback.format_exception(type(exc), exc, given))
    except OURS as error:
        if is_the_programs(error):
            raise
        return f"{type_name(type(exc))}\n"
