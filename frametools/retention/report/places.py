"""Where kept frames are, short enough to read: names, paths, text for a terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frametools.retention.leaks import KeptFrame

_PACKAGES = ("/site-packages/", "/dist-packages/")
_ROOM = 48
"""Columns that a file's path may have."""


def printable(text: str) -> str:
    """Escape what a terminal would obey or could not show."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def name_of(frame: KeptFrame) -> str:
    """Return a function's name, without `<locals>` that only takes room."""
    return printable(frame.function).replace(".<locals>.", ".")


def place_of(frame: KeptFrame) -> str:
    """Return a frame's name, file and line: `load_big (app.py:12)`."""
    line = f":{frame.line}" if frame.line else ""
    return f"{name_of(frame)} ({printable(short_path(frame.file))}{line})"


def short_path(path: str) -> str:
    """Cut off a path what says nothing: the current directory, site-packages.

    One that is still long keeps its end.
    """
    short = _without_home(path.replace("\\", "/"))
    if len(short) <= _ROOM:
        return short
    parts = short.split("/")
    while len(parts) > 2 and len("/".join(parts)) > _ROOM - 4:
        del parts[0]
    return ".../" + "/".join(parts)


def _without_home(path: str) -> str:
    if path.startswith("<frozen ") and path.endswith(">"):
        return path[8:-1]
    for folder in _PACKAGES:
        if folder in path:
            return path.rpartition(folder)[2]
    standard = _in_standard_library(path)
    if standard:
        return standard
    try:
        home = os.getcwd().replace("\\", "/").rstrip("/") + "/"
    except OSError:
        return path
    return path[len(home) :] if len(home) > 1 and path.startswith(home) else path


def _in_standard_library(path: str) -> str:
    """The part after `/lib/python3.13/`, or nothing."""
    if "/lib/python3." not in path:
        return ""
    version, slash, rest = path.rpartition("/lib/python3.")[2].partition("/")
    return rest if slash and version.rstrip("t").isdigit() else ""
