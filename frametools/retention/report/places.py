"""Where kept frames are, short enough to read: their names and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._paths import here, printable, short_path

if TYPE_CHECKING:
    from frametools.retention.leaks import KeptFrame

_ROOM = 48
"""Columns that a file's path may have."""


def name_of(frame: KeptFrame) -> str:
    """Return a function's name, without `<locals>` that only takes room."""
    return printable(frame.function).replace(".<locals>.", ".")


def place_of(frame: KeptFrame) -> str:
    """Return a frame's name, file and line: `load_big (app.py:12)`."""
    line = f":{frame.line}" if frame.line else ""
    return f"{name_of(frame)} ({printable(_path(frame.file))}{line})"


def _path(path: str) -> str:
    """Shorten a path; one that is still long keeps its end."""
    short = short_path(path, here())
    if len(short) <= _ROOM:
        return short
    parts = short.split("/")
    while len(parts) > 2 and len("/".join(parts)) > _ROOM - 4:
        del parts[0]
    return ".../" + "/".join(parts)
