"""Which code a user wants to see: globs on file names."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType


def _matches(filename: str, globs: Sequence[str]) -> bool:
    """True if a glob matches the file name, or its end from a separator on."""
    path = filename.replace(os.sep, "/")
    return any(fnmatchcase(path, g) or fnmatchcase(path, "*/" + g) for g in globs)


def file_filter(
    include: Sequence[str], exclude: Sequence[str]
) -> Callable[[CodeType], bool]:
    """Return a test for code objects; it runs once per code object."""

    def is_wanted(code: CodeType) -> bool:
        filename = code.co_filename
        if include and not _matches(filename, include):
            return False
        return not _matches(filename, exclude)

    return is_wanted
