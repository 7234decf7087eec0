"""Where the code of a tree is: names and paths of functions, each made once."""

from __future__ import annotations

from collections import Counter

from frametools._paths import printable, short_path
from frametools.events import CodeKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.events import CodeRef

NAMELESS = "???"
"""Stands for an empty name."""


class Places:
    """Names and places of the code in one tree, each made once."""

    __slots__ = ("_home", "_short")

    def __init__(self, home: str = "") -> None:
        """Take the program's working directory: paths below it lose it."""
        self._home = home
        self._short: dict[str, str] = {}

    def place(self, code: CodeRef) -> str:
        """`file:line`, short; empty for what has no file."""
        short = self.file(code.filename)
        return f"{short}:{code.firstlineno}" if short and code.firstlineno else short

    def file(self, path: str) -> str:
        """The short form of a path."""
        short = self._short.get(path)
        if short is None:
            short = self._short[path] = printable(short_path(path, self._home))
        return short

    def name(self, code: CodeRef) -> str:
        """The qualified name, without `<locals>` that only takes room."""
        name = printable(code.qualname).replace(".<locals>.", ".")
        return f"{{{name}}}" if code.kind is CodeKind.C_FUNCTION else name

    def label(self, code: CodeRef, line: int | None = None) -> tuple[str, str, str]:
        """Name, place and path; at its first line, or at another."""
        at = code if line is None else code._replace(firstlineno=line)
        return self.name(code), self.place(at), code.filename

    def full(self, code: CodeRef) -> str:
        """Name and place in one, for forms without columns."""
        place = self.place(code)
        return f"{self.name(code)} ({place})" if place else self.name(code)


def distinct_names(codes: Sequence[CodeRef], places: Places) -> list[str]:
    """Name each code for a form that knows functions by their name alone.

    Where several functions have the same name, each has its place behind it.
    """
    names = [printable(code.qualname) or NAMELESS for code in codes]
    count = Counter(dict(zip(codes, names, strict=True)).values())
    return [
        f"{name} ({places.place(code)})" if count[name] > 1 else name
        for code, name in zip(codes, names, strict=True)
    ]
