"""Whether a stream gets colours, and which; what it cannot encode is replaced."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Theme(NamedTuple):
    """An escape sequence for each part of a traceback; all empty: no colour."""

    place: str = ""
    """File, line and function."""
    caret: str = ""
    kind: str = ""
    """The exception's type."""
    message: str = ""
    name: str = ""
    """Of a variable."""
    faint: str = ""
    """What we say ourselves."""
    end: str = ""


PLAIN = Theme()
COLOURED = Theme(
    place="\x1b[35m",
    caret="\x1b[1;31m",
    kind="\x1b[1;35m",
    message="\x1b[35m",
    name="\x1b[36m",
    faint="\x1b[2m",
    end="\x1b[0m",
)
"""The colours of Python 3.13's own tracebacks, and two for the variables."""


def wants_colour(stream: object, environment: Mapping[str, str] | None = None) -> bool:
    """Tell if text for a stream should be coloured; runs its `isatty`, never raises.

    The first of these decides, as in Python 3.13: PYTHON_COLORS=0 or 1, NO_COLOR,
    FORCE_COLOR, TERM=dumb, whether it is a terminal.
    """
    environment = os.environ if environment is None else environment
    python = environment.get("PYTHON_COLORS")
    if python in {"0", "1"}:
        return python == "1"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    if environment.get("TERM") == "dumb":
        return False
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except Exception:
        return False


def encodable(text: str, stream: object) -> str:
    """Replace what a stream cannot encode: `…` by `...`, the rest by escapes."""
    encoding = getattr(stream, "encoding", None)
    if type(encoding) is not str or text.isascii():
        return text
    try:
        text.encode(encoding)
    except LookupError:
        encoding = "ascii"
    except UnicodeError:
        pass
    else:
        return text
    if "…".encode(encoding, "ignore") == b"":
        text = text.replace("…", "...")
    return text.encode(encoding, "backslashreplace").decode(encoding)
