"""The columns of a section: what is in them, and how wide each may be."""

from __future__ import annotations

from frametools._paths import is_installed, is_standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Label = tuple[str, str, str]
    """A function's name and place, as shown, and the path of its file."""

GAP = 2
"""Spaces between columns."""


class Span:
    """A piece of a line in one style, which may lead to a file."""

    __slots__ = ("path", "style", "text")

    def __init__(self, text: str, style: str = "", path: str = "") -> None:
        self.text = text
        self.style = style
        self.path = path


class Column:
    """One column: its cells, and how they stand and look.

    Figures stand on the right. Where there is too little room, the columns with a
    `cut` share it: they lose the `end` or the `start` of their texts.
    """

    __slots__ = (
        "cells",
        "cut",
        "group",
        "guides",
        "is_left",
        "paths",
        "style",
        "title",
    )

    def __init__(
        self,
        title: str,
        cells: Iterable[str],
        *,
        group: str = "",
        style: str | list[str] = "",
        is_left: bool = False,
        cut: str = "",
        guides: list[str] | None = None,
        paths: list[str] | None = None,
    ) -> None:
        self.title = title
        self.cells = list(cells)
        self.group = group
        """What stands over the titles of several columns."""
        self.style = style
        """One for all cells, or one for each."""
        self.is_left = is_left or bool(cut)
        self.cut = cut
        self.guides = guides
        """What is drawn before each cell: the lines of a tree."""
        self.paths = paths
        """The file that each cell leads to."""

    def style_of(self, at: int) -> str:
        """The style of a cell."""
        return self.style if isinstance(self.style, str) else self.style[at]

    def path_of(self, at: int) -> str:
        """The file that a cell leads to; empty for none."""
        return self.paths[at] if self.paths else ""

    def wanted(self, cells: Callable[[str], int]) -> int:
        """How wide it would like to be."""
        texts: Sequence[str] = self.cells
        if self.guides:
            texts = [a + b for a, b in zip(self.guides, texts, strict=True)]
        return max(map(cells, (self.title, *texts)))


def of_functions(labels: Sequence[Label], title: str = "function") -> list[Column]:
    """Two columns: the names of functions, and where these are.

    The program's own stand out from what it uses: libraries and C functions.
    """
    names, places, paths = ([label[at] for label in labels] for at in range(3))
    styles = ["own" if is_own(path) else "" for path in paths]
    return [
        Column(title, names, style=styles, cut="end"),
        Column("", places, style="faint", cut="start", paths=paths),
    ]


def is_own(path: str) -> bool:
    """True for a file of the program itself; there is none for a C function."""
    return bool(path) and not is_installed(path) and not is_standard(path)


def width_of(columns: Iterable[Column]) -> int:
    """What columns of figures take, with a gap behind each."""
    return sum(column.wanted(len) + GAP for column in columns)


def widths_of(
    columns: list[Column], room: int, least: int, cells: Callable[[str], int]
) -> list[int]:
    """How wide each column is; those that may be cut have `least` in all."""
    widths = [column.wanted(cells) for column in columns]
    shrinking = [at for at, column in enumerate(columns) if column.cut]
    fixed = sum(widths) - sum(widths[at] for at in shrinking)
    room -= fixed + GAP * (len(columns) - 1)
    shared = _shared([widths[at] for at in shrinking], max(room, least))
    for at, width in zip(shrinking, shared, strict=True):
        widths[at] = width
    return widths


def _shared(wanted: list[int], room: int) -> list[int]:
    """Share `room`, without gaps: the last has 45 % of it, or what the others leave."""
    if len(wanted) < 2:
        return [min(width, room) for width in wanted]
    *others, last = wanted
    last = min(last, max(room - sum(others), room - room * 11 // 20))
    return [*_shared(others, room - last), last]


def group_line(columns: list[Column], widths: list[int], rule: str) -> str:
    """Draw the groups, each over its columns."""
    line, at = "", 0
    while at < len(columns):
        group, first = columns[at].group, at
        while at < len(columns) and columns[at].group == group:
            at += 1
            if not group:
                break
        width = sum(widths[first:at]) + GAP * (at - first - 1)
        line += (f" {group} ".center(width, rule) if group else " " * width) + " " * GAP
    return line.rstrip()
