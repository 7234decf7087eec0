"""Source lines by file and number, and whether they are still those that ran.

Through `linecache`, so files inside zips, `-c` and what is registered there work where
Python's own tracebacks show them; lines of frozen modules come from the standard
library's files.
"""

from __future__ import annotations

import linecache
import os
import sys
from importlib.util import cache_from_source
from struct import unpack_from
from typing import Any

LIMIT = 500
"""Characters that are shown of a line."""


def line(filename: str, number: int) -> str:
    """Give a line without its end; "" if it cannot be had. 1 is the first."""
    return "".join(lines(filename, number, number))


def lines(filename: str, first: int, last: int) -> list[str]:
    """Give the lines from `first` to `last`, as far as they can be had."""
    path, module = _where(filename)
    try:
        linecache.checkcache(path)
        found = linecache.getlines(path, module)
    except Exception:
        return []
    wanted = found[max(0, first - 1) : max(0, last)]
    return [text.rstrip("\r\n")[:LIMIT] for text in wanted]


def all_lines(
    filename: str, module: dict[str, Any] | None = None, code: object = None
) -> list[str]:
    """Give all lines of a file with their ends; [] if they cannot be had.

    `module` are the globals of the code, whose loader is asked if there is no file;
    `code` itself leads to what was typed or given with -c, where linecache has that.
    """
    try:
        by_code = getattr(linecache, "_getlines_from_code", None)
        if by_code is None or code is None or not filename.startswith("<"):
            found = None
        else:
            found = by_code(code)
        if found:
            return list(found)
        path, known = (filename, module) if module else _where(filename)
        if filename.startswith("<frozen "):
            path, known = _where(filename)
        linecache.checkcache(path)
        return linecache.getlines(path, known)
    except Exception:
        return []


def note(filename: str, started: float) -> str:
    """Say what is wrong with the lines of a file; "" if nothing is.

    `started` is the Unix time (s) at which the process began that ran it.
    """
    path, _ = _where(filename)
    if path.startswith("<"):
        return ""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "" if linecache.getlines(path, _where(filename)[1]) else "not found"
    newest = max(status.st_mtime, status.st_ctime)
    if newest <= started or _compiled(path) == _stamp(status):
        return ""
    has_changed = status.st_mtime > started or _compiled(path) is not None
    return "changed since it ran" if has_changed else ""


def _where(filename: str) -> tuple[str, dict[str, Any] | None]:
    """Give the path to read and the globals of its module, if it is loaded."""
    if filename.startswith("<frozen ") and filename.endswith(">"):
        module = sys.modules.get(filename[8:-1])
        path = getattr(module, "__file__", None)
        return (path if isinstance(path, str) else filename), None
    if not os.path.exists(filename):
        for module in list(sys.modules.values()):
            space = getattr(module, "__dict__", {})
            if space.get("__file__") == filename:
                return filename, space
    return filename, None


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF


def _compiled(path: str) -> tuple[int, int] | None:
    """Give time and size of the source that the cached bytecode was made of."""
    try:
        with open(cache_from_source(path), "rb") as file:
            flags, mtime, size = unpack_from("<3I", file.read(16), 4)
    except (OSError, ValueError, NotImplementedError, ImportError):
        return None
    except Exception:
        return None
    return None if flags else (mtime, size)
