"""Which frames are a library's, not the program's own; and short names of files.

    .../lib/python3.13/json/decoder.py          json/decoder.py   standard library
    .../site-packages/flask/app.py              flask/app.py      installed
    ./shop/cart.py                              shop/cart.py      the program's own

Of a library's frames a traceback has a line each, except for the one that raised.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, TypeGuard

from frametools._paths import FROZEN, is_installed
from frametools.monitor._places import short_path
from frametools.snapshot import FrameSnapshot, GapSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Suppressed = Iterable[str | os.PathLike[str] | ModuleType]
    Item = FrameSnapshot | GapSnapshot

_STANDARD = os.path.dirname(os.__file__) + os.sep
_NAMED = 3
"""Packages that are named where a run of frames is folded."""


class Libraries(dict[str, bool]):
    """Tells of a file if it is a library's or suppressed; each is judged once."""

    def __init__(self, suppress: Suppressed = ()) -> None:
        starts = [start for each in suppress for start in _starts(each)]
        self._starts = (FROZEN, _STANDARD, *starts)

    def __missing__(self, path: str) -> bool:
        known = self[path] = is_installed(path) or path.startswith(self._starts)
        return known

    def _has(self, item: Item) -> TypeGuard[FrameSnapshot]:
        return isinstance(item, FrameSnapshot) and self[item.code.filename]

    def folded(self, items: Iterable[Item], last: FrameSnapshot) -> Iterator[Item]:
        """Put a gap for each run of a library's frames; `last` stays."""
        run: list[FrameSnapshot] = []
        for each in items:
            if each is not last and self._has(each):
                run.append(each)
            else:
                yield from _gap(run)
                run = []
                yield each
        yield from _gap(run)


def _starts(suppressed: str | os.PathLike[str] | ModuleType) -> Iterator[str]:
    """Yield what the names of files begin with that are suppressed."""
    if isinstance(suppressed, str) and suppressed in sys.modules:
        suppressed = sys.modules[suppressed]
    if isinstance(suppressed, ModuleType):
        folders = getattr(suppressed, "__path__", None)
        for folder in folders or ():
            yield os.path.join(folder, "")
        if not folders and getattr(suppressed, "__file__", None):
            yield str(suppressed.__file__)
        return
    for path in (os.fspath(suppressed), os.path.abspath(suppressed)):
        yield path if path.endswith(".py") else os.path.join(path, "")


def _gap(run: list[FrameSnapshot]) -> Iterator[Item]:
    if len(run) < 2:
        yield from run
        return
    packages = list(dict.fromkeys(_package(each.code.filename) for each in run))
    named = ", ".join(packages[:_NAMED]) + " and others" * (len(packages) > _NAMED)
    yield GapSnapshot(0, len(run), f"of {named}")


def _package(path: str) -> str:
    """Name the package, or the module, that a file belongs to."""
    if path.startswith(FROZEN):
        return path[len(FROZEN) : -1].partition(".")[0]
    return short_name(path).partition(os.sep)[0].removesuffix(".py")


def short_name(path: str) -> str:
    """Name a file from its package, the current directory or an import's folder."""
    if path.startswith(_STANDARD) and not is_installed(path):
        return path[len(_STANDARD) :]
    return short_path(path)
