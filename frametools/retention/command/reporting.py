"""The reports of a run: at its end, on a signal, from time to time.

Nothing here raises: a report that fails says so in a line. What is needed in the middle
of a run is imported before the program starts.
"""

from __future__ import annotations

import _thread
import os
import sys
import time
from typing import TYPE_CHECKING

from frametools._bare_thread import BareThread
from frametools.retention.command.alive import Alive, say_last
from frametools.retention.command.json_file import write_file
from frametools.retention.command.options import ROWS
from frametools.retention.heap.census import notes
from frametools.retention.report.file import to_json
from frametools.retention.report.text import TITLE, report

if TYPE_CHECKING:
    from types import CodeType

    from frametools._output import Output
    from frametools.retention.command.options import Options
    from frametools.retention.leaks import Leak

NOTHING = "no frame is kept"
_ROOM = 200
"""Levels of recursion that a report is lent: the program may have none left."""


class Reporter:
    """Looks and writes, one report at a time."""

    def __init__(
        self, options: Options, output: Output, starters: list[CodeType], pid: int
    ) -> None:
        self._options = options
        self._output = output
        self._starters = starters
        self._pid = pid
        self._busy = _thread.allocate_lock()

    def report(self, why: str, *, is_quiet: bool = False) -> None:
        """Report now, to standard error and the file; nothing if one is being made."""
        if not self._busy.acquire(False):
            return
        limit = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(limit + _ROOM)
            self._report(why, is_quiet)
        except Exception as error:  # what handlers of the program raise goes through
            self.say(f"the report failed: {type(error).__name__}: {error}")
        finally:
            if sys.getrecursionlimit() == limit + _ROOM:
                _set_limit(limit)
            self._busy.release()

    def _report(self, why: str, is_quiet: bool) -> None:
        options = self._options
        alive = Alive(
            self._starters,
            min_size=options.min_size,
            cycles=options.cycles,
            everything=options.everything,
            seconds=options.budget,
        )
        if not is_quiet:
            self._output.write(self._text(why, alive))
        if options.json is not None:
            self._write_file(options.json, to_json(alive.leaks + alive.last))

    def _text(self, why: str, alive: Alive) -> str:
        begin = f"frametools: {why}: "
        last = f"{say_last(alive.last)}; --all shows more\n" if alive.last else ""
        if alive.leaks:
            text = self._table(begin + TITLE, alive.leaks) + (last and f"\n{last}")
        else:
            text = begin + NOTHING + (f" but those of {last}" if last else "\n")
        return text + "".join(f"note: {note}\n" for note in notes())

    def _table(self, title: str, leaks: list[Leak]) -> str:
        options = self._options
        limit = len(leaks) if options.everything else ROWS
        limit = limit if options.limit is None else options.limit
        text = report(leaks, title=title, limit=limit, width=self._output.width)
        hint = f"; --limit {len(leaks)} shows all" if len(leaks) > limit else ""
        return f"{text}{hint}\n"

    def _write_file(self, path: str, text: str) -> None:
        if os.getpid() != self._pid:
            root, extension = os.path.splitext(path)
            path = f"{root}.{os.getpid()}{extension}"
        try:
            write_file(path, text)
        except OSError as error:
            self.say(f"cannot write {path}: {error.strerror or error}")

    def say(self, message: str) -> None:
        """Write one line of ours."""
        self._output.write("frametools: " + message.replace("\n", " ") + "\n")


def _set_limit(limit: int) -> None:
    """Set the recursion limit back; too deep for it, the program has less room yet."""
    try:
        sys.setrecursionlimit(limit)
    except RecursionError:
        return


class Every(BareThread):
    """Reports from time to time."""

    avoids_warnings = False

    def __init__(self, period: float, reporter: Reporter) -> None:
        super().__init__()
        self._period = period
        self._reporter = reporter

    def begin(self) -> float:
        """Wait for one period."""
        return self._period

    def work(self) -> float:
        """Report, then wait again; a report may take a tenth of the time at most."""
        began = time.monotonic()
        self._reporter.report(now())
        took = time.monotonic() - began
        return max(self._period - took, 10 * took)


def now() -> str:
    """Return the local time, as a log has it."""
    return time.strftime("%Y-%m-%d %H:%M:%S")
