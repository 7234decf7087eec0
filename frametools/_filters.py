"""`include` and `exclude`: which functions a user wants to see."""

from __future__ import annotations

from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType


def wanted(
    include: Sequence[str], exclude: Sequence[str]
) -> Callable[[CodeType], bool] | None:
    """Return the question that is asked once for each code object, None for none.

    A glob matches a file's path from any of its directories on, or a qualified
    name: `docutils/*`, `*/tests/*`, `states.py`, `Parser.*`, `parse`.
    """
    if not include and not exclude:
        return None

    def wants(code: CodeType) -> bool:
        path, name = "/" + code.co_filename.replace("\\", "/"), code.co_qualname
        if include and not _matches(include, path, name):
            return False
        return not _matches(exclude, path, name)

    return wants


def _matches(globs: Sequence[str], path: str, name: str) -> bool:
    return any(
        fnmatchcase(name, glob)
        or fnmatchcase(path, glob)
        or fnmatchcase(path, "*/" + glob.removeprefix("./"))
        for glob in globs
    )
