"""`frametools report --watch FILE`: a live table of a program that still runs.

The program pays nothing for it: its data file is a memory map that it writes anyhow,
and what is read here is that file, as `frametools report` reads it. It is read once a
second, and less often where that takes long: at most a tenth of the time is spent so.
"""

from __future__ import annotations

import os
import select
import shutil
import sys
import time
from contextlib import contextmanager
from io import StringIO

from frametools._image import ImageError
from frametools.calltree import CallTree
from frametools.profile import _report
from frametools.profile.reports.notices import is_running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.profile._report import ReportOptions

PERIOD = 1.0
"""Seconds between two looks."""
TRIES = 5
"""Looks in a row at a file that is just being written, until that is an error."""
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _END_OF_LINE, _BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class NotRunningError(Exception):
    """There is nothing to watch; the message is one line."""


def watch(path: str, options: ReportOptions) -> None:
    """Show the table until q, Ctrl-C, or the end of the program.

    Raises NotRunningError if the file is of no running program, ImageError, OSError.
    """
    tree = CallTree.load(path)
    if not is_running(tree):
        shown = f"frametools report {path}"
        raise NotRunningError(f"{path}: no program runs that writes it; {shown}")
    with _screen():
        tree = _follow(path, tree, options)
    if not is_running(tree):
        sys.stdout.write("\n".join(_lines(tree, None, options)))
        sys.stdout.write("\n\nthe program has ended\n")


def _follow(path: str, tree: CallTree, options: ReportOptions) -> CallTree:
    """Draw until it is time to end; returns the last that was read."""
    before: CallTree | None = None
    cost = 0.0
    while True:
        _draw(_lines(tree, before, options))
        if _is_ended_by_key(max(PERIOD, cost * 10)):
            return tree
        began = time.perf_counter()
        before, tree = tree, _read(path)
        cost = time.perf_counter() - began
        if not is_running(tree):
            return tree


def _read(path: str) -> CallTree:
    """Read the file; again, if it was just being written."""
    for left in range(TRIES - 1, -1, -1):
        try:
            return CallTree.load(path)
        except ImageError:
            if not left:
                raise
            time.sleep(0.05)
    raise AssertionError


def _lines(
    tree: CallTree, before: CallTree | None, options: ReportOptions
) -> list[str]:
    """The head, how fast calls are made, and as much of the table as has room."""
    columns, rows = shutil.get_terminal_size((options.width, 24))
    options.width = max(columns, 40)
    head = _form("head", tree, options)
    head.append(_rate(tree, before))
    options.limit = max(rows - len(head) - 6, 1)
    return [*head, "", *_form("table", tree, options)]


def _form(name: str, tree: CallTree, options: ReportOptions) -> list[str]:
    out = StringIO()
    _report.load(name).write(tree, out, options)
    return out.getvalue().splitlines()


def _rate(tree: CallTree, before: CallTree | None) -> str:
    """Tell of the calls since the last look, and how to end."""
    line = f"  pid {tree.pid}"
    if before is not None and tree.wall_ns > before.wall_ns:
        calls = sum(tree.calls) - sum(before.calls)
        rate = round(calls * 1e9 / (tree.wall_ns - before.wall_ns))
        line += f", {max(rate, 0):,} calls a second"
    return f"{line}; q ends"


def _draw(lines: list[str]) -> None:
    """Write over what is there, so that nothing flickers."""
    height = shutil.get_terminal_size((80, 24)).lines
    text = f"{_END_OF_LINE}\r\n".join(lines[: height - 1])
    sys.stdout.write(f"{_HOME}{text}{_END_OF_LINE}\r\n{_BELOW}")
    sys.stdout.flush()


def _is_ended_by_key(seconds: float) -> bool:
    """Wait for so long, or until q is pressed; then True."""
    if not sys.stdin.isatty():
        time.sleep(seconds)
        return False
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([sys.stdin], [], [], left)[0]:
            key = os.read(sys.stdin.fileno(), 1)
            if key in (b"q", b"Q", b""):
                return True
    return False


@contextmanager
def _screen() -> Iterator[None]:
    """Have the terminal's other screen and single keys, and give both back."""
    import termios
    import tty

    kept = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
    try:
        if kept is not None:
            tty.setcbreak(sys.stdin)
        sys.stdout.write(_ENTER)
        yield
    finally:
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
        if kept is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, kept)
