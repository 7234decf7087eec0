"""Places as snapshots: position, source, variables."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from frametools import _source
from frametools._positions import position
from frametools.events import CodeKind, CodeRef
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.changed import Compiled, compiled
from frametools.tracebacks.later import is_later
from frametools.tracebacks.libraries import Libraries
from frametools.tracebacks.values import ValueReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, FrameType

    from frametools._folding import Gap
    from frametools.snapshot import LocalSnapshot
    from frametools.tracebacks.options import Options
    from frametools.tracebacks.stack import Place
    from frametools.tracebacks.values import Found

    Where = tuple[CodeRef, int, int | None, int | None, int | None]
    """The first fields of a FrameSnapshot."""
    Shown = tuple[tuple[str, ...], bool]
    """Its last ones: the source, and whether it has changed."""

_frame_of = itemgetter(0)
"""Of a Place: half of the time."""
_PYTHON = CodeKind.PYTHON
_LIMIT = _source.LIMIT
_LINES = 4
"""Source lines of one statement that are kept."""


class File(NamedTuple):
    """A source file as it can be read now."""

    lines: list[str]
    code: Compiled | None
    """The lines compiled, if the file is young."""


class FrameReader:
    """Reads frames; what they share is looked up once per traceback.

    Frames and code objects are known by their ids: they are alive as long as this is
    used. A frame that stands at several places has the same tuple of variables at each;
    where these are in several exceptions, `is_sharing` has to be set.
    """

    def __init__(self, options: Options) -> None:
        self._values = ValueReader(options) if options.show_locals else None
        is_full = options.library == "full"
        self._libraries = None if is_full else Libraries(options.suppress)
        self.is_sharing = False
        self._is_current = False
        self._found: dict[int, Found] = {}
        self._files: dict[str, File] = {}
        self._codes: set[int] = set()
        self._positions: dict[tuple[int, int], tuple[Where, Shown]] = {}
        self._changed: dict[int, bool] = {}

    def begin(self, places: Sequence[Place | Gap], is_current: bool) -> None:
        """Take the places that are going to be read.

        `is_current` tells if their exception is being handled, see `is_later`.
        """
        self._is_current = is_current
        if self._values is not None:
            self._values.places = places
        if len(set(map(id, map(_frame_of, places)))) < len(places):
            self.is_sharing = True

    def read(self, place: Place, last: Place | None = None) -> FrameSnapshot:
        """Make the snapshot; of a library's frame, unless it is the last, the place."""
        frame, lasti, entry = place
        code = frame.f_code
        libraries = self._libraries
        if libraries is not None and libraries[code.co_filename] and place is not last:
            return FrameSnapshot(*_where(place))
        if id(code) in self._codes:
            where, shown = self._known(place)
        else:  # not kept: the collector has less to look at
            self._codes.add(id(code))
            where, shown = self._position(place)
        found: tuple[LocalSnapshot, ...] = ()
        more, later = 0, None
        if self._values is not None:
            now = frame.f_lasti
            if entry is not None and is_later(frame, lasti, now, self._is_current):
                later = frame.f_lineno
            if self.is_sharing:
                found, more = self._shared(frame, now, lasti, shown[0])
            else:
                found, more = self._values.read(frame, now, lasti, shown[0])
        # two sums: half of the time of (*where, ..., *shown)
        fields = where + (found, more, later) + shown  # noqa: RUF005
        return tuple.__new__(FrameSnapshot, fields)

    def _shared(
        self, frame: FrameType, now: int, lasti: int, source: tuple[str, ...]
    ) -> Found:
        """Read variables, unless they were read where the frame stands as well."""
        known = self._found.get(id(frame))
        if known is None and self._values is not None:
            known = self._values.read(frame, now, lasti, source)
            self._found[id(frame)] = known
        return known or ((), 0)

    def _known(self, place: Place) -> tuple[Where, Shown]:
        """Find the position and the source of code that comes again."""
        key = id(place.frame.f_code), place.lasti
        known = self._positions.get(key)
        if known is None:
            known = self._positions[key] = self._position(place)
        return known

    def _position(self, place: Place) -> tuple[Where, Shown]:
        """Find where the place is, and its source."""
        where = _where(place)
        _, line, last, _, _ = where
        frame = place.frame
        code = frame.f_code
        file = self._files.get(code.co_filename) or self._file(frame)
        if (last is None or last <= line) and 0 < line <= len(file.lines):
            source: tuple[str, ...] = (file.lines[line - 1].rstrip("\r\n")[:_LIMIT],)
        else:
            end = line if last is None else min(last, line + _LINES - 1)
            lines = file.lines[line - 1 if line > 0 else 0 : end]
            source = tuple([text.rstrip("\r\n")[:_LIMIT] for text in lines])
        if file.code is None or not source:
            return where, (source, False)
        return where, (source, self._has_changed(code, file.code))

    def _file(self, frame: FrameType) -> File:
        code = frame.f_code
        name = code.co_filename
        lines = _source.all_lines(name, frame.f_globals, code)
        has_file = bool(lines) and name[:1] != "<"
        file = File(lines, compiled(name, lines) if has_file else None)
        if name[:1] != "<":  # many codes may be named "<string>"
            self._files[name] = file
        return file

    def _has_changed(self, code: CodeType, current: Compiled) -> bool:
        known = self._changed.get(id(code))
        if known is None:
            known = not current.has(code)
            self._changed[id(code)] = known
        return known


def _where(place: Place) -> Where:
    frame, lasti, entry = place
    code = frame.f_code
    known = frame.f_lineno if lasti == frame.f_lasti else None  # it went on
    line, last, column, end_column = position(code, lasti, known)
    if line is None:
        line = (frame.f_lineno if entry is None else entry.tb_lineno) or 0
    first, flags = code.co_firstlineno, code.co_flags
    fields = code.co_qualname, code.co_filename, first, flags, _PYTHON
    return tuple.__new__(CodeRef, fields), line, last, column, end_column
