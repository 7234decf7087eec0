"""The live stack without a hook: how deep, who called, where each frame stands.

    current_depth()    0 at module level, 1 in what that calls; O(log n) frame objects
    caller()           a `Place`: name, file, line of who called; one frame object
    caller_message()   the text of an error, with who called
    walk()             every frame as a `Place`, innermost first; one object per frame
    print_stack()      the same as text, outermost first

CPython has a frame object (PyFrameObject) only for frames that somebody asked for;
`sys._getframe(k)` makes that of one frame (3.11 to 3.15: sys__getframe_impl), each
`f_back` one more (PyFrame_GetBack), and what was made stays until its call ends. Here
no frame is kept after the function that looked at it has returned.
"""

from __future__ import annotations

import sys
from sys import _getframe

from frametools.monitor._depth import current_depth, outermost
from frametools.monitor._places import Place, place_of, short_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import TextIO

__all__ = ["Place", "Walk", "caller", "caller_message", "current_depth"]
__all__ += ["print_stack", "walk"]


# --- who called ---


def caller(depth: int = 1) -> Place:
    """Return the place from which the function was called that asks.

    `depth` counts frames: 0 is where the function itself stands, 2 is its caller's
    caller; a wrapper that a decorator put between is one too. ValueError where the
    stack ends before, TypeError for what is no whole number. One frame object is made
    (sys._getframe); some 0.25 us, and the line 1 us or more when it is asked for.
    """
    try:
        if depth < 0:
            raise ValueError
        frame = _getframe(depth + 1)
    except TypeError:
        raise TypeError(_no_number("caller(): depth", depth)) from None
    except (ValueError, OverflowError):
        raise ValueError(f"caller({depth}): {_no_caller(depth)}") from None
    place = Place()
    place._code = frame.f_code
    place._lasti = frame.f_lasti
    return place


def caller_message(text: str, depth: int = 1) -> str:
    """Return `text` with who called: "... Called from f() at script.py:14".

    For the message of an error: who is named called the function that asks for the
    text; `depth` counts as in `caller`. The text gets a full stop if no mark ends it;
    the file is shown from the folder that it was imported from. Where the stack ends
    before, the text is returned as it is: this never hides the error that is to be
    raised. TypeError for what is no text, or no whole number, ValueError for a depth
    below 0. One frame object, 4 us.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        raise TypeError(f"caller_message(): text is a str, not {kind}")
    if not isinstance(depth, int):
        raise TypeError(_no_number("caller_message(): depth", depth))
    _check_sign("caller_message(): depth", depth)
    try:
        frame = _getframe(depth + 1)
    except (ValueError, OverflowError):
        return text
    who = frame.f_code.co_qualname
    if who == "<module>":
        who = "module level"
    elif not who.endswith(">"):
        who += "()"
    place = f"{short_path(frame.f_code.co_filename)}:{frame.f_lineno or '?'}"
    return f"{_sentence(text)}Called from {who} at {place}"


def _sentence(text: str) -> str:
    """Return the text with a space and, if no mark ends it, a full stop behind it.

    A mark may be inside of quotes or brackets: `it said "no."`.
    """
    said = text.rstrip()
    if not said:
        return ""
    is_ended = said.rstrip(_CLOSING)[-1:] in _MARKS
    return f"{said} " if is_ended else f"{said}. "


_CLOSING = "\"')]}>`\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_MARKS = (
    ".!?:;,-\N{HORIZONTAL ELLIPSIS}\N{EN DASH}\N{EM DASH}\N{IDEOGRAPHIC FULL STOP}"
    "\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}\N{FULLWIDTH COLON}"
)


def _no_number(what: str, given: object) -> str:
    """Say that something is not what it should be, which its type tells."""
    return f"{what} is a whole number of frames, not {type(given).__name__}"


def _check_sign(what: str, given: int) -> None:
    """Raise ValueError for a number of frames below 0."""
    if given < 0:
        raise ValueError(f"{what} is at least 0, not {given}")


def _no_caller(depth: int) -> str:
    """Say why there is no frame at this depth; asked by the function that was asked."""
    if depth < 0:
        return "depth is at least 0"
    below = max(0, outermost(3)[0] - 3)
    frames = "1 frame" if below == 1 else f"{below} frames"
    return f"there {'is' if below == 1 else 'are'} {frames} below the one that asks"


# --- all of it ---


class Walk(list[Place]):
    """The places of a stack, innermost first, and what it took to find them."""

    __slots__ = ()

    def __str__(self) -> str:
        """Give a line for each place, with its name, file and line."""
        return "\n".join(map(str, self))

    @property
    def materialised(self) -> int:
        """How many frames were given a frame object, if they had none before."""
        return len(self)


def walk(limit: int | None = None) -> Walk:
    """Return where each frame stands, innermost first, beginning with the caller.

    All is found at once, so no frame is held between the steps of a loop over it, in
    whatever function or thread that runs. Each `f_back` makes a frame object, which
    stays until its call ends: `.materialised` of them, at most `limit`; 0.4 us each.
    TypeError for a limit that is no whole number, ValueError for one below 0.
    """
    _check_limit("walk", limit)
    rows = Walk()
    left = sys.maxsize if limit is None else limit
    frame: FrameType | None = _getframe(1) if left > 0 else None
    while frame is not None:
        rows.append(place_of(frame))
        left -= 1
        frame = frame.f_back if left > 0 else None
    return rows


def print_stack(file: TextIO | None = None, limit: int | None = None) -> None:
    """Print the stack outermost first, as a traceback is, with the lines of source.

    To `file`, or standard error; of a deep stack the innermost `limit` frames. Files
    are shown from where they were imported; of a recursion, through however many
    functions, one round. An arrow means that the line above called it. Makes a frame
    object per frame, as `walk` does, and reads the source through `linecache`.
    TypeError for what cannot be written to, and a limit that is no whole number;
    ValueError for one below 0.
    """
    _check_limit("print_stack", limit)
    stream = sys.stderr if file is None else file
    if stream is not None and not hasattr(stream, "write"):
        kind = type(stream).__name__
        raise TypeError(f"print_stack(): file is a text stream, not {kind}")
    if stream is None or (limit is not None and limit <= 0):
        return
    rows = walk(None if limit is None else limit + 1)[1:]
    encoding = getattr(stream, "encoding", None) or "utf-8"
    arrow = "->" if _encoded(_ARROW, encoding) != _ARROW else _ARROW
    text = "".join(f"{line}\n" for line in _lines(rows[::-1], arrow))
    stream.write(_encoded(text, encoding))


def _check_limit(function: str, limit: object) -> None:
    """Raise TypeError unless a limit is a number, or None; ValueError below 0."""
    if limit is None:
        return
    if not isinstance(limit, int):
        raise TypeError(_no_number(f"{function}(): limit", limit) + "; None is all")
    _check_sign(f"{function}(): limit", limit)


_ROUNDS = 3
"""A cycle is shown once from so many rounds on."""
_ARROW = "\N{RIGHTWARDS ARROW}"


def _encoded(text: str, encoding: str) -> str:
    """Return the text with what a stream cannot encode escaped."""
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except (UnicodeError, LookupError):
        return text.encode("ascii", "backslashreplace").decode("ascii")


def _lines(rows: list[Place], arrow: str) -> Iterator[str]:
    """Yield a line per place, and one for the rounds of a cycle behind the first."""
    from frametools._folding import cycles, repeated
    from frametools._source import line

    cells = [(row.qualname, f"{short_path(row.file)}:{row.line}") for row in rows]
    wide = [max((len(cell[i]) for cell in cells), default=0) for i in (0, 1)]
    none = mark = " " * len(arrow)
    for start, period, rounds in cycles(cells, _ROUNDS):
        for index in range(start, start + period):
            who, where = cells[index]
            source = line(rows[index].file, rows[index].line).strip()
            yield f"{mark} {who:{wide[0]}}  {where:{wide[1]}}  {source}".rstrip()
            mark = arrow
        if rounds > 1:
            yield f"{none} ... {repeated(rounds - 1, period)} ..."
