"""The variables of the frames that an exception left, as a text added to it.

ValueError: invalid literal for int() with base 10: 'abc'
Variables, innermost frame first:
  parse_number (app.py:7)
      s = 'abc'
      value = <not yet assigned>
  <module> (app.py:10)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frametools._safe_repr.classes import MISSING, of_class
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.capture import Capture, entries_of, related
from frametools.tracebacks.colours import PLAIN
from frametools.tracebacks.fields import attributes, cause, traceback_of
from frametools.tracebacks.libraries import short_name
from frametools.tracebacks.messages import Note, told
from frametools.tracebacks.rendering import (
    folding,
    gap_line,
    merged,
    variable_lines,
)
from frametools.tracebacks.repeats import same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType, TracebackType
    from typing import TypeVar

    from frametools.snapshot import GapSnapshot, TracebackSnapshot
    from frametools.tracebacks.libraries import Libraries
    from frametools.tracebacks.messages import Left, Stand
    from frametools.tracebacks.options import Options

    N = TypeVar("N", bound=Note)

_HEAD = "Variables, innermost frame first:"
_MOST = 50
"""Notes of ours on one exception, which may be raised again and again."""


class EnhancedError(Exception):
    """An error that shows the variables of the frames which another one left.

    That one is its `__cause__`; `str` gives its message and a line for each frame, the
    innermost first. `snapshot` is all of it as plain data.
    """

    __module__ = "frametools.tracebacks"  # so it is shown
    snapshot: TracebackSnapshot | None = None


def annotate(
    exc: BaseException, caller: FrameType | None, options: Options, block: FrameType
) -> None:
    """Add notes with variables to an exception, its members, and what it came from.

    What a message of ours has told gets none. `block` is the frame of the `with` block
    or of the wrapper that the exception leaves.
    """
    notes = Notes(options)
    known: set[int] = set()
    for each in related(exc):
        if id(each) not in known:
            is_it = each is exc
            notes.add(each, caller if is_it else None, block if is_it else None)
        before = cause(each)
        if before is not None and told(each) is not None:
            known.update(map(id, related(before)))


class Notes:
    """Notes of exceptions that belong together: a frame is shown in one of them."""

    def __init__(self, options: Options) -> None:
        self._capture = Capture(options)
        self._folding = folding(options)
        self._shown: dict[int, tuple[int, FrameSnapshot, str]] = {}
        """By id of a frame's variables: in which note, and the type of its exception.
        Those of a frame that stands at several places are one tuple."""
        self._written = 0

    def add(
        self,
        exc: BaseException,
        caller: FrameType | None,
        block: FrameType | None = None,
    ) -> None:
        """Add a note with the variables of the frames that no earlier note tells.

        None if the class or the program has made something else of `__notes__`.
        """
        own = attributes(exc)
        notes = own.get("__notes__", MISSING)
        if notes is MISSING and of_class(type(exc), "__notes__") is MISSING:
            notes = []
        if type(notes) is not list:
            return
        ours = [*filter(_is_ours, notes)]
        earlier = [told(exc), *ours]
        entries = entries_of(traceback_of(exc))
        left = None if block is None else (id(block), block.f_lasti, len(entries))
        new = _new(entries, earlier[-1], left)
        if not new or len(earlier) > _MOST:
            return
        snapshot = self._capture.alone(exc, entries[0], caller, new)
        parts = [*_untold(self._parts(snapshot), ours)]
        if all(map(_is_gap, parts)):
            return
        text = marked(Note("\n".join((_HEAD, *parts))), entries, caller)
        text.left = left
        notes.append(text)
        own["__notes__"] = notes

    def _parts(self, snapshot: TracebackSnapshot) -> Iterator[str]:
        """Yield the text of each frame and gap."""
        self._written += 1
        for each in inside_out(snapshot, self._folding):
            if not isinstance(each, FrameSnapshot):
                yield gap_line(each)
                continue
            lines = [f"  {each.code[0]} ({short_name(each.code[1])}:{each.line})"]
            if instead := self._elsewhere(each, snapshot.type):
                lines.append(f"      ({instead})")
            else:
                lines += variable_lines(each, PLAIN)
            yield "\n".join(lines)

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
        return same(frame, shown, place)


_PARTS = re.compile(r"\n(?=  \S)")
"""Splits a note: a variable stands further in than a frame or gap, which begins so."""


def _untold(parts: Iterable[str], notes: Iterable[Note]) -> Iterator[str]:
    """Yield the parts of a note without those that others tell in the same words.

    An exception may leave the same frames again: what is awaited or raised again in a
    loop, two blocks in one ExitStack. A gap goes with the frame before it.
    """
    known = {part for note in notes for part in _PARTS.split(note)}
    is_new = True
    for part in parts:
        if not _is_gap(part):
            is_new = part not in known
        if is_new:
            yield part


def _is_gap(part: str) -> bool:
    return part.startswith("  ... ")


def notes_of(exc: BaseException) -> list[Note]:
    """List the notes of ours that an exception has."""
    notes = attributes(exc).get("__notes__", MISSING)
    return [*filter(_is_ours, notes)] if type(notes) is list else []


def forget_inner(exc: BaseException) -> None:
    """Take off what tells of one call of a recursion: the outermost tells all."""
    _forget(exc, [note for note in notes_of(exc) if note.is_inner])


def forget_repeated(exc: BaseException) -> None:
    """Take off the notes of a traceback that is told otherwise, members' and causes'.

    Those of other frames stay: of a way that the exception came before.
    """
    for each in related(exc):
        stands = _stands(entries_of(traceback_of(each)))
        _forget(each, [note for note in notes_of(each) if note.shown <= stands])


def _forget(exc: BaseException, told_otherwise: list[Note]) -> None:
    """Take notes of ours off an exception."""
    if not told_otherwise:
        return
    own = attributes(exc)
    notes = own["__notes__"]
    gone = set(map(id, told_otherwise))
    notes[:] = [note for note in notes if id(note) not in gone]
    if not notes:
        del own["__notes__"]


def _stands(entries: list[TracebackType]) -> frozenset[Stand]:
    return frozenset([(id(each.tb_frame), each.tb_lasti) for each in entries])


def _is_ours(note: object) -> bool:
    return type(note) is Note


def marked(text: N, entries: list[TracebackType], caller: FrameType | None) -> N:
    """Let a text remember which frames it tells.

    By their ids: those of a traceback live as long as the exception, their callers
    until they are in it. An exception that was caught, and is raised again elsewhere,
    comes by another way: `_new` does not ask for callers behind that place.
    """
    text.shown = _stands(entries)
    callers = []
    while caller is not None:
        callers.append((id(caller), caller.f_lasti))
        caller = caller.f_back
    text.callers = frozenset(callers)
    text.is_inner = False
    text.left = None
    return text


def _new(entries: list[TracebackType], earlier: Note | None, left: Left | None) -> int:
    """Count the entries, from the outermost on, that an earlier text does not tell.

    Those that come behind one that is new are of another way, and new as well. All are
    where the exception leaves the same block again and has no more entries: somebody
    took its traceback away, and the identities are those of other frames.
    """
    if earlier is None or (left is not None and left == earlier.left):
        return len(entries)
    known = earlier.shown | earlier.callers
    for new in range(len(entries), 0, -1):
        frame, lasti = id(entries[new - 1].tb_frame), entries[new - 1].tb_lasti
        # Thrown into, it is at the RESUME behind its YIELD_VALUE (3.13).
        if (frame, lasti) not in known and (frame, lasti - 2) not in known:
            return new
    return 0


def inside_out(
    snapshot: TracebackSnapshot, folding: Libraries | None = None
) -> Iterator[FrameSnapshot | GapSnapshot]:
    """Yield frames and gaps, innermost first."""
    items = iter([*merged(snapshot)][::-1])
    if folding is None or not snapshot.frames:
        return items
    return folding.folded(items, snapshot.frames[-1])
