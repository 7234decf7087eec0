"""The variables of the frames that an exception left, as a text added to it.

ValueError: invalid literal for int() with base 10: 'abc'
Variables, innermost frame first:
  parse_number (app.py:7)
      s = 'abc'
      value = <not yet assigned>
  <module> (app.py:10)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._safe_repr.classes import MISSING, of_class
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.capture import Capture, entries_of, related
from frametools.tracebacks.colours import PLAIN
from frametools.tracebacks.fields import attributes, traceback_of
from frametools.tracebacks.libraries import short_name
from frametools.tracebacks.messages import Note
from frametools.tracebacks.rendering import (
    folding,
    gap_line,
    merged,
    variable_lines,
)
from frametools.tracebacks.repeats import SAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType, TracebackType

    from frametools.snapshot import GapSnapshot, TracebackSnapshot
    from frametools.tracebacks.libraries import Libraries
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


def annotate(exc: BaseException, caller: FrameType | None, options: Options) -> None:
    """Add notes with variables to an exception, its members, and what it came from."""
    notes = Notes(options)
    for each in related(exc):
        notes.add(each, caller if each is exc else None)


class Notes:
    """Notes of exceptions that belong together: a frame is shown in one of them."""

    def __init__(self, options: Options) -> None:
        self._capture = Capture(options)
        self._folding = folding(options)
        self._shown: dict[int, tuple[int, FrameSnapshot, str]] = {}
        """By id of a frame's variables: in which note, and the type of its exception.
        Those of a frame that stands at several places are one tuple."""
        self._written = 0

    def add(self, exc: BaseException, caller: FrameType | None) -> None:
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
        depth = len(entries_of(traceback))
        left = max((note.left for note in earlier), default=0)
        new = depth - left if depth >= left else depth
        if _codes(traceback, new) <= known:
            return
        snapshot = self._capture.alone(exc, traceback, caller)
        text = FrameNote("\n".join(self._lines(snapshot, known)))
        text.codes = _codes(traceback, depth) | _callers(caller)
        text.left = depth
        notes.append(text)
        own["__notes__"] = notes

    def _lines(self, snapshot: TracebackSnapshot, known: frozenset[Key]) -> list[str]:
        """List the lines of a note, without the functions that are known."""
        self._written += 1
        lines = [_HEAD]
        for each in inside_out(snapshot, self._folding, known):
            if not isinstance(each, FrameSnapshot):
                lines.append(gap_line(each))
                continue
            lines.append(f"  {each.code[0]} ({short_name(each.code[1])}:{each.line})")
            if instead := self._elsewhere(each, snapshot.type):
                lines.append(f"      ({instead})")
            elif found := variable_lines(each, PLAIN):
                lines += "\n".join(found).split("\n")
        return lines

    def _elsewhere(self, frame: FrameSnapshot, kind: str) -> str:
        """Say where a frame was shown; "" if here is the first place."""
        if not frame.locals:
            return ""
        here = self._written, frame, kind
        number, shown, other = self._shown.setdefault(id(frame.locals), here)
        if shown is frame:
            return ""
        is_here = number == self._written
        place = "above" if is_here else f"in the note of {other}"
        return SAME.format(shown.line, place)


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


def inside_out(
    snapshot: TracebackSnapshot,
    folding: Libraries | None = None,
    known: frozenset[Key] = frozenset(),
) -> Iterator[FrameSnapshot | GapSnapshot]:
    """Yield frames and gaps, innermost first, without the functions that are known."""
    found = [*merged(snapshot)][::-1]
    items = iter([each for each in found if not _is_of(each, known)])
    if folding is None or not snapshot.frames:
        return items
    return folding.folded(items, snapshot.frames[-1])


def _is_of(each: FrameSnapshot | GapSnapshot, known: frozenset[Key]) -> bool:
    return isinstance(each, FrameSnapshot) and each.code[:3] in known
