"""The variables of the frames that an exception left, as a text added to it.

ValueError: invalid literal for int() with base 10: 'abc'
Variables, innermost frame first:
  parse_number (app.py:7)
      s = 'abc'
      value = <not yet assigned>
  <module> (app.py:10)
"""

from __future__ import annotations

from os.path import basename
from typing import TYPE_CHECKING

from frametools._safe_repr import safe_message
from frametools._secrets import hide_secrets
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.capture import NOWHERE, Capture, related, traceback_depth
from frametools.tracebacks.colours import PLAIN
from frametools.tracebacks.fields import MISSING, attributes, of_class, traceback_of
from frametools.tracebacks.messages import Note
from frametools.tracebacks.rendering import gap_line, variable_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType, TracebackType

    from frametools.snapshot import GapSnapshot, LocalSnapshot, TracebackSnapshot
    from frametools.tracebacks.capture import Outside
    from frametools.tracebacks.options import Options

    Key = tuple[str, str, int]
    """Names a function: qualified name, file, first line."""

_HEAD = "Variables, innermost frame first:"


class EnhancedError(Exception):
    """An error that shows the variables of the frames which another one left.

    That one is its `__cause__`; `str` gives its message and a line for each frame, the
    innermost first. `snapshot` is all of it as plain data.
    """

    __module__ = "frametools.tracebacks"  # so it is shown
    snapshot: TracebackSnapshot | None = None


class FrameNote(Note):
    """A note with variables, and which functions it shows."""

    __slots__ = ("codes", "left")

    codes: frozenset[Key]
    """All that were on the stack, those that the note leaves out too."""
    left: int
    """How many frames the exception had left."""


def annotate(exc: BaseException, outside: Outside, options: Options) -> None:
    """Add notes with variables to an exception, its members, and what it came from."""
    for each in related(exc):
        _annotate(each, outside if each is exc else NOWHERE, options)


def _annotate(exc: BaseException, outside: Outside, options: Options) -> None:
    """Add a note with the variables of the functions that no earlier note knows.

    None if the class or the program has made something else of `__notes__`.
    """
    own = attributes(exc)
    notes = own.get("__notes__", MISSING)
    if notes is MISSING and of_class(type(exc), "__notes__") is MISSING:
        notes = []
    if type(notes) is not list:
        return
    earlier = [note for note in notes if type(note) is FrameNote]
    known = frozenset().union(*(note.codes for note in earlier))
    traceback = traceback_of(exc)
    depth = traceback_depth(traceback)
    left = max((note.left for note in earlier), default=0)
    new = depth - left if depth >= left else depth
    if _codes(traceback, new) <= known:
        return
    snapshot = Capture(options).alone(exc, traceback, outside)
    text = FrameNote("\n".join(note_lines(snapshot, known)))
    text.codes = _codes(traceback, depth) | _callers(outside.caller)
    text.left = depth
    notes.append(text)
    own["__notes__"] = notes


def _codes(entry: TracebackType | None, count: int) -> frozenset[Key]:
    """Give the functions of the first entries of a traceback."""
    found = set()
    while entry is not None and count > 0:
        found.add(_key(entry.tb_frame.f_code))
        entry, count = entry.tb_next, count - 1
    return frozenset(found)


def _callers(caller: FrameType | None) -> frozenset[Key]:
    found = set()
    while caller is not None:
        found.add(_key(caller.f_code))
        caller = caller.f_back
    return frozenset(found)


def _key(code: CodeType) -> Key:
    return code.co_qualname, code.co_filename, code.co_firstlineno


def note_lines(snapshot: TracebackSnapshot, known: frozenset[Key]) -> Iterator[str]:
    """Yield the lines of a note."""
    yield _HEAD
    for each in inside_out(snapshot):
        if not isinstance(each, FrameSnapshot):
            yield gap_line(each)
        elif each.code[:3] not in known:
            yield f"  {each.code[0]} ({basename(each.code[1])}:{each.line})"
            lines = variable_lines(each, PLAIN)
            yield from "\n".join(lines).split("\n") if lines else ()


def inside_out(snapshot: TracebackSnapshot) -> Iterator[FrameSnapshot | GapSnapshot]:
    """Yield FrameSnapshots and GapSnapshots, innermost first."""
    gaps: list[GapSnapshot] = list(snapshot.gaps)
    for index in range(len(snapshot.frames), -1, -1):
        while gaps and gaps[-1].before >= index:
            yield gaps.pop()
        if index:
            yield snapshot.frames[index - 1]


def enhanced_text(exc: BaseException, snapshot: TracebackSnapshot) -> str:
    """Give the message, and a line for each frame, innermost first."""
    lines = [hide_secrets(safe_message(exc, 10_000))]
    for each in inside_out(snapshot):
        if not isinstance(each, FrameSnapshot):
            lines.append(gap_line(each))
        else:
            lines.append(f"  Frame: {each.code[0]} - locals: {_as_dict(each)}")
    return "\n".join(lines)


def _as_dict(frame: FrameSnapshot) -> str:
    pairs = ", ".join(map(_pair, frame.locals))
    more = f", ... {frame.more_locals} more" if frame.more_locals else ""
    return f"{{{pairs}{more}}}"


def _pair(local: LocalSnapshot) -> str:
    name, value, why = local
    return f"{name!r}: {f'<{why}>' if value is None else value}"
