"""A private copy of standard error, for the report and the progress line.

The program may close descriptor 2, or all of them, and open others in their place.
So the copy has a high number, and before each write it is asked whether it still is
the same file: nothing is ever written to what became something else.
"""

from __future__ import annotations

import os
import sys

_LOWEST = 230
_DRAWN = "…─█▏├└│"


class Output:
    """Text to where a standard stream led when the program began."""

    __slots__ = ("_columns", "_fd", "_identity", "encoding", "is_styled", "is_terminal")

    def __init__(self, descriptor: int = 2) -> None:
        self._fd = _copy(descriptor)
        self._identity = _identify(self._fd)
        self.is_terminal = self._identity is not None and os.isatty(self._fd)
        stream = sys.stdout if descriptor == 1 else sys.stderr
        encoding = getattr(stream, "encoding", None)
        self.encoding: str = encoding if isinstance(encoding, str) else "utf-8"
        environment = os.environ
        self.is_styled = _wants_styles(environment, self.is_terminal)
        """True for a terminal that obeys escapes; what NO_COLOR means, rich knows."""
        columns = environment.get("COLUMNS", "")
        self._columns = int(columns) if columns.isdecimal() else 0

    @property
    def width(self) -> int:
        """Columns now; 100 where nobody knows."""
        width = self._columns
        if not width and self.is_terminal:
            try:
                width = os.get_terminal_size(self._fd).columns
            except OSError:
                width = 0
        return min(max(width or 100, 40), 250)

    @property
    def is_unicode(self) -> bool:
        """True when the encoding has what bars and trees are drawn with."""
        try:
            _DRAWN.encode(self.encoding)
        except (UnicodeError, LookupError):
            return False
        return True

    def is_ours(self) -> bool:
        """True while the descriptor still leads to the same file."""
        return self._identity is not None and _identify(self._fd) == self._identity

    def write(self, text: str) -> bool:
        """Write all of it; False when that was not possible. Never raises."""
        if not self.is_ours():
            return False
        try:
            data = text.encode(self.encoding, "backslashreplace")
        except LookupError:
            data = text.encode("ascii", "backslashreplace")
        return _write_all(self._fd, data)

    def is_foreground(self) -> bool:
        """True when the process may write to its terminal and it shows lines.

        False in the background, and while a program has it for itself (curses).
        """
        try:
            is_ours = os.tcgetpgrp(self._fd) == os.getpgrp()
        except OSError:
            return False
        return is_ours and self._shows_lines()

    def _shows_lines(self) -> bool:
        try:
            from termios import ICANON, error, tcgetattr
        except ImportError:
            return False
        try:
            return bool(tcgetattr(self._fd)[3] & ICANON)
        except error:
            return False


def flush_standard_streams() -> None:
    """Let what the program wrote come before the report, if that runs none of it."""
    from io import BufferedWriter, TextIOWrapper

    for stream in (sys.stdout, sys.stderr):
        if type(stream) is TextIOWrapper and type(stream.buffer) is BufferedWriter:
            try:
                stream.flush()
            except (OSError, ValueError):
                continue


def _copy(descriptor: int) -> int:
    """Duplicate a descriptor to a high number that no child inherits; -1 if closed."""
    try:
        from fcntl import F_DUPFD_CLOEXEC, fcntl
    except ImportError:  # Windows
        try:
            return os.dup(descriptor)
        except OSError:
            return -1
    for lowest in (_LOWEST, 64, 10):
        try:
            return fcntl(descriptor, F_DUPFD_CLOEXEC, lowest)
        except (OSError, ValueError):
            continue
    return -1


def _identify(descriptor: int) -> tuple[int, int, int] | None:
    if descriptor < 0:
        return None
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return (found.st_dev, found.st_ino, getattr(found, "st_rdev", 0))


def _write_all(descriptor: int, data: bytes) -> bool:
    """Write through short writes and a full non-blocking pipe, for 5 s at most."""
    waits = 0
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            import time

            waits += 1
            if waits > 500:
                return False
            time.sleep(0.01)
        except OSError:
            return False
    return True


def _wants_styles(environment: os._Environ[str], is_terminal: bool) -> bool:
    if environment.get("FORCE_COLOR") and not environment.get("NO_COLOR"):
        return True
    return is_terminal and environment.get("TERM", "") not in ("", "dumb")
