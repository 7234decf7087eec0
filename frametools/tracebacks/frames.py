"""Places as snapshots: position, source, variables."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from frametools import _source
from frametools.events import CodeKind, CodeRef
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.changed import Compiled, compiled
from frametools.tracebacks.values import ValueReader

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from frametools.snapshot import LocalSnapshot
    from frametools.tracebacks.options import Options
    from frametools.tracebacks.stack import Place

    Where = tuple[CodeRef, int, int | None, int | None, int | None]
    """The first fields of a FrameSnapshot."""
    Shown = tuple[tuple[str, ...], bool]
    """Its last ones: the source, and whether it has changed."""

_PYTHON = CodeKind.PYTHON
_NOWHERE = (None, None, None, None)
_LINES = 4
"""Source lines of one statement that are kept."""


class File(NamedTuple):
    """A source file as it can be read now."""

    lines: list[str]
    code: Compiled | None
    """The lines compiled, if the file is young."""


class FrameReader:
    """Reads frames; what they share is looked up once per traceback.

    Code objects are known by their ids: their frames are alive as long as this is used.
    """

    def __init__(self, options: Options) -> None:
        self._values = ValueReader(options) if options.show_locals else None
        self._files: dict[str, File] = {}
        self._positions: dict[tuple[int, int], tuple[Where, Shown]] = {}
        self._changed: dict[int, bool] = {}

    def read(self, place: Place, *, is_fresh: bool = False) -> FrameSnapshot:
        """Make the snapshot; `is_fresh`: nothing ran in the frame since it raised."""
        frame, lasti, _ = place
        key = id(frame.f_code), lasti
        where, shown = self._positions.get(key) or self._position(place, key)
        found: tuple[LocalSnapshot, ...] = ()
        more, later = 0, None
        if self._values is not None:
            now = frame.f_lasti
            if now != lasti and not is_fresh:
                later = frame.f_lineno
            found, more = self._values.read(frame, now, lasti, shown[0])
        fields = *where, found, more, later, *shown
        return tuple.__new__(FrameSnapshot, fields)

    def _position(self, place: Place, key: tuple[int, int]) -> tuple[Where, Shown]:
        """Find where the place is: takes all positions before it in the code."""
        frame, lasti, entry = place
        code = frame.f_code
        positions = islice(code.co_positions(), lasti // 2 if lasti > 0 else 0, None)
        line, last, column, end_column = next(positions, _NOWHERE)
        if line is None:
            line = (frame.f_lineno if entry is None else entry.tb_lineno) or 0
        file = self._files.get(code.co_filename) or self._file(frame)
        end = line if last is None or last <= line else min(last, line + _LINES - 1)
        lines = file.lines[line - 1 if line > 0 else 0 : end]
        source = tuple([text.rstrip("\r\n")[: _source.LIMIT] for text in lines])
        has_changed = (
            file.code is not None
            and bool(source)
            and self._has_changed(code, file.code)
        )
        where = _ref(code), line, last, column, end_column
        found = self._positions[key] = where, (source, has_changed)
        return found

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


def _ref(code: CodeType) -> CodeRef:
    first, flags = code.co_firstlineno, code.co_flags
    fields = code.co_qualname, code.co_filename, first, flags, _PYTHON
    return tuple.__new__(CodeRef, fields)
