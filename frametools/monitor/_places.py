"""`Place`: where a frame stood, without the frame; and paths cut short."""

from __future__ import annotations

import os
import sys

from frametools._paths import in_package
from frametools._positions import searched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from frametools._positions import Position
    from frametools.snapshot import FrameSnapshot


class Place:
    """Where a frame stood: `name`, `qualname`, `file`, `line`, `position`.

    It has the code object and where in it the frame stood, of which all is read when
    asked for: neither frame, nor globals, nor values. Places are equal where these five
    are; a pickled one, and `snapshot()`, are text and numbers only.
    """

    __slots__ = ("_code", "_lasti")

    _code: CodeType | _Told
    _lasti: int

    @property
    def name(self) -> str:
        """The function's name, or `<module>`."""
        return self._code.co_name

    @property
    def qualname(self) -> str:
        """The name with those of the classes and functions that it is in."""
        return self._code.co_qualname

    @property
    def file(self) -> str:
        """The path of the source, as the code object has it."""
        return self._code.co_filename

    @property
    def line(self) -> int:
        """1 is the first; 0 if unknown. Found when asked for, in 1 us or more."""
        for start, end, line in self._code.co_lines():
            if start <= self._lasti < end:
                return line or 0
        return 0

    @property
    def position(self) -> Position:
        """Line, end line, column, end column, as `co_positions()` has them.

        Found when asked for, in 1 us or more: it takes all that stands before.
        """
        return searched(self._code, self._lasti)

    def snapshot(self) -> FrameSnapshot:
        """Give the place as what `retention` and the tracebacks have, with JSON."""
        from frametools.events import CodeRef
        from frametools.snapshot import FrameSnapshot

        code = self._code
        flags = getattr(code, "co_flags", 0)
        ref = CodeRef(self.qualname, self.file, code.co_firstlineno, flags)
        _, end_line, column, end_column = self.position
        return FrameSnapshot(
            ref,
            self.line,
            end_line=end_line,
            column=column,
            end_column=end_column,
        )

    def _told(self) -> tuple[str, str, str, int, int, Position]:
        code = self._code
        names = code.co_name, code.co_qualname, code.co_filename
        return *names, code.co_firstlineno, self.line, self.position

    def __eq__(self, other: object) -> bool:
        return self._told() == other._told() if isinstance(other, Place) else False

    def __hash__(self) -> int:
        return hash((self.qualname, self.file, self.line))

    def __str__(self) -> str:
        return f"{self.qualname} in {short_path(self.file)}:{self.line or '?'}"

    def __repr__(self) -> str:
        return f"<Place {self.qualname} at {self.file}:{self.line}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, self._told()


class _Told:
    """What a place is told of code that is not here: a pickle has no code objects."""

    __slots__ = (
        "_line",
        "_position",
        "co_filename",
        "co_firstlineno",
        "co_name",
        "co_qualname",
    )

    def __init__(
        self, names: tuple[str, str, str], first: int, line: int, at: Position
    ) -> None:
        self.co_name, self.co_qualname, self.co_filename = names
        self.co_firstlineno = first
        self._line = line
        self._position = at

    def co_lines(self) -> Iterator[tuple[int, int, int]]:
        """Yield the one that is known."""
        yield 0, 2, self._line

    def co_positions(self) -> Iterator[Position]:
        """Yield the one that is known."""
        yield self._position


def _restored(
    name: str, qualname: str, file: str, first: int, line: int, position: Position
) -> Place:
    place = Place()
    place._code = _Told((name, qualname, file), first, line, position)
    place._lasti = 0
    return place


def place_of(frame: FrameType) -> Place:
    """Return where a frame stands now."""
    place = Place()
    place._code = frame.f_code
    place._lasti = max(0, frame.f_lasti)
    return place


def short_path(path: str) -> str:
    """Return the path from its package, the current directory or an import's folder.

    A virtual environment below the current directory says nothing, so the package is
    first.
    """
    package = in_package(path)
    if package:
        return package
    for folder in _folders():
        start = folder.rstrip(os.sep) + os.sep
        if path.startswith(start) and start != os.sep:
            return path[len(start) :]
    return path


def _folders() -> Iterator[str]:
    """Yield the current directory, then those that imports look in, longest first."""
    try:
        yield os.getcwd()
    except OSError:
        pass
    yield from sorted((x for x in sys.path if type(x) is str), key=len)[::-1]
