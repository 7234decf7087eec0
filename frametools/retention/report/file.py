"""Leaks as a JSON document: `{"version": 1, "leaks": [...], "python": ..., ...}`.

version   of this form, a number
leaks     what `Leak.to_dict` gives, in the order given
python    the interpreter's version: "3.13.0"
pid       of the process that was looked at
time      seconds since 1970
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from frametools.retention.leaks import Leak, LeakError

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = 1
"""Of the document. Names may be added to it; what changes meaning is a new version."""


def to_json(leaks: Sequence[Leak]) -> str:
    """Write leaks as a JSON document, ASCII only, with a newline at its end."""
    document = {
        "version": VERSION,
        "python": sys.version.split()[0],
        "pid": os.getpid(),
        "time": round(time.time(), 3),
        "leaks": [leak.to_dict() for leak in leaks],
    }
    return json.dumps(document, indent=1) + "\n"


def read_json(text: str | bytes) -> list[Leak]:
    """Return the leaks that `to_json` wrote.

    Raises LeakError, in one line, for what is cut off, foreign, or of a newer version.
    Sizes, holders and names are as they were; `release` finds nothing by such a leak.
    """
    document = _document(text)
    _check_version(document)
    leaks = document.get("leaks")
    if not isinstance(leaks, list):
        raise LeakError("not a report of leaks: it has no list of them")
    found = []
    for number, data in enumerate(leaks, 1):
        try:
            found.append(_leak(data))
        except LeakError as error:
            raise LeakError(f"leak {number} of {len(leaks)}: {error}") from None
    return found


def _document(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LeakError(f"not a report of leaks: {_reason(text, error)}") from None
    if not isinstance(found, dict):
        raise LeakError("not a report of leaks: no JSON object")
    return found


def _reason(text: str | bytes, error: Exception) -> str:
    """Say in one line why JSON could not be read: it may be cut off."""
    if not text.strip():
        return "it is empty"
    if isinstance(error, json.JSONDecodeError) and text.lstrip()[:1] in ("{", b"{"):
        end = error.doc.rstrip()
        if not end.endswith("}") or error.pos >= len(end):
            return f"it is cut off in line {error.lineno}"
        return f"no JSON in line {error.lineno}"
    return "no JSON"


def _check_version(document: dict[str, Any]) -> None:
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise LeakError("not a report of leaks: it has no version")
    if version > VERSION:
        raise LeakError(
            f"the report has version {version}, of a newer frametools; "
            f"this one reads {VERSION}"
        )


def _leak(data: object) -> Leak:
    """Read one leak; checks what a report relies on."""
    try:
        leak = Leak.from_dict(data)
    except AttributeError as error:  # what should be a dict is none
        raise LeakError(f"it lacks something: {error}") from None
    if not leak.frames or leak.count < 1:
        raise LeakError("it has no frame")
    return leak
