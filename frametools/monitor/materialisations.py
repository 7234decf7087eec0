"""`materialisations`: who asks CPython for frame objects, and how often.

    sys._getframe() ---.
    gen.gi_frame -------}--> audit event --> _hook --> every watch that is on
    sys.settrace() ----'     (PEP 578)

CPython 3.11 to 3.15 raises the same events (docs/facts/stack.md). There is none for
`f_back`, `f_locals`, tracebacks, `warnings` and profilers in C. But whoever walks by
`f_back` mostly reads `f_code`, and that has one: it is a row that makes nothing.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident
from collections import namedtuple
from sys import _getframe

from frametools.monitor._places import short_path
from frametools.monitor._twin import guard
from frametools.monitor.backend import MonitorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, TracebackType
    from typing import Any, Self, TextIO

__all__ = ["Asked", "Materialisations", "materialisations"]

_ONE, _NONE = "1", "0"
MAKES = {
    "sys._getframe": _ONE,
    "sys._current_frames": "1 per thread",
    "sys.settrace": "1 per call",
    "sys.setprofile": "1 per call",
    "generator.gi_frame": _ONE,
    "coroutine.cr_frame": _ONE,
    "async_generator.ag_frame": _ONE,
    "sys._current_exceptions": _NONE,
    "sys._getframemodulename": _NONE,
    "traceback.tb_frame": _NONE,
    "frame.f_code": _NONE,
}
"""What can be seen being asked for, and how many frame objects that makes, if they
are not there yet. The last: whoever reads this has a frame, perhaps from `f_back`."""


class Asked(namedtuple("Asked", "qualname file line what makes count")):
    """A place that asked for something, and how often."""

    __slots__ = ()

    qualname: str
    """The function that asked, not who called it: `currentframe` for logging."""
    file: str
    line: int
    """0 if unknown."""
    what: str
    """One of `MAKES`."""
    makes: str
    """How many frame objects each time, if they were not there: "0", "1", ..."""
    count: int


class Materialisations:
    """What was asked for between `with` and its end, in all threads: plain data.

    A collection of its rows: iterable, with a length, and true if there are any.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int, str], _Tally] = {}
        self._rows: list[Asked] = []

    def __enter__(self) -> Self:
        if any(each is self._seen for each in _watches[0]):
            raise RuntimeError("this is counting already")
        _install()
        _watches[0] = (*_watches[0], self._seen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        seen = self._seen
        _watches[0] = tuple(each for each in _watches[0] if each is not seen)
        self._rows = self.rows
        self._seen = {}

    def __iter__(self) -> Iterator[Asked]:
        """Go through the rows as they are now."""
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def rows(self) -> list[Asked]:
        """A row per place and what it asked for, the most frequent first."""
        fresh = [tally.asked(*key[1:]) for key, tally in self._seen.copy().items()]
        return sorted([*self._rows, *fresh], key=lambda row: (-row.count, *row[:4]))

    @property
    def total(self) -> int:
        """How often something was asked for that makes frame objects."""
        return sum(row.count for row in self.rows if row.makes != _NONE)

    def table(self) -> str:
        """Give the rows as text, in columns."""
        cells = [("count", "makes", "asked for", "by", "at"), *map(_cells, self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = (
            f"{count:>{widths[0]}}  {makes:<{widths[1]}}  {what:<{widths[2]}}"
            f"  {who:<{widths[3]}}  {where}"
            for count, makes, what, who, where in cells
        )
        return "\n".join(lines)

    __str__ = table

    def __repr__(self) -> str:
        return f"<Materialisations: {len(self):,} places, {self.total:,} times>"

    def print(self, file: TextIO | None = None) -> None:
        """Print the table, to `file` or standard error."""
        print(self.table(), file=sys.stderr if file is None else file)


def materialisations() -> Materialisations:
    """Return a context manager that counts who asks for frame objects, and where.

        with materialisations() as asked:
            main()
        print(asked)

    What frames of frametools ask for is told as asked by the function that called
    them; that they read `f_code` is not told. The first use adds an audit hook, which
    CPython can never remove: from then on each audit event of this interpreter
    (imports, `open`, `exec`, `f_code`, ...) takes 0.3 us longer, and 2 us more where it
    is counted. MonitorError where another hook refuses ours. To see who asks makes the
    frame object of who asks, and keeps none.

    An error in the hook stays inside; without the C core the hook needs one level of
    recursion, which a program at its limit lacks.
    """
    return Materialisations()


def _cells(row: Asked) -> tuple[str, str, str, str, str]:
    where = f"{short_path(row.file)}:{row.line or '?'}"
    return f"{row.count:,}", row.makes, row.what, row.qualname, where


# --- the hook ---


class _Tally:
    """A code object, which its id in a key stands for, and how often it asked."""

    __slots__ = ("code", "count")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.count = 0

    def asked(self, line: int, what: str) -> Asked:
        """Give it as a row."""
        code = self.code
        place = code.co_qualname, code.co_filename, line
        return Asked(*place, what, MAKES[what], self.count)


_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_watches: list[tuple[dict[tuple[int, int, str], _Tally], ...]] = [()]
_installed: list[bool] = []
_HANDSHAKE = "frametools.materialisations"


def _install() -> None:
    """Add the hook, once; MonitorError if another hook refused it."""
    if not _installed:
        sys.addaudithook(guard(_make_hook()))
        sys.audit(_HANDSHAKE)
    if not _installed:
        raise MonitorError("an audit hook of this process lets no other in")


# The names are bound here, as the hook outlives the module's globals. It asks itself,
# who asks: the events of that are its own, known by the thread.
def _make_hook() -> Callable[[str, tuple[Any, ...]], None]:
    """Return the hook; its caller is the frame that raised the event."""
    watches, installed, handshake = _watches, _installed, _HANDSHAKE
    inside: set[int] = set()
    getframe, ident_of, count_for, name_of = _getframe, get_ident, _count, _what

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if watches[0] or event == handshake:
            thread = ident_of()
            if thread in inside:
                return
            inside.add(thread)
            try:
                if what := name_of(event, arguments):
                    count_for(watches[0], getframe(1), what)
                elif event == handshake:
                    installed.append(True)
            except Exception:  # it is not the program's
                pass
            finally:
                inside.discard(thread)

    return hook


def _what(event: str, arguments: tuple[Any, ...]) -> str:
    """Name what was asked for, if it is one of `MAKES`; else ""."""
    if event == "object.__getattr__":
        event = f"{type(arguments[0]).__name__}.{arguments[1]}"
    return event if event in MAKES else ""


def _count(watches: tuple[Any, ...], frame: Any, what: str) -> None:
    """Count in every watch; what we ask for, as if the function did that calls us."""
    code = frame.f_code
    while code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back if MAKES[what] != _NONE else None
        if frame is None:
            return
        code = frame.f_code
    key = id(code), frame.f_lineno or 0, what
    for seen in watches:
        tally = seen.get(key)
        if tally is None:
            tally = seen.setdefault(key, _Tally(code))
        tally.count += 1
