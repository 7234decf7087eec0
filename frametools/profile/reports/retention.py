"""The frames still alive at exit, by function: how many, how large, held by what."""

from __future__ import annotations

from frametools._paths import printable
from frametools.events import CodeRef
from frametools.profile._names import Places
from frametools.profile._sheet import Sheet, cells
from frametools.profile._units import count, plural, size
from frametools.profile.reports.table import Column, fitted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

    Row = dict[str, Any]

ROWS = 10
_TITLE = "frames still alive at exit"


class Retention:
    """The `retention` form."""

    name = "retention"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; nothing when `--retention` was not asked for."""
        found = checked(tree.info.get("retention"))
        if found is None:
            return
        sheet = Sheet(out, options)
        rows: list[Row] = found["rows"]
        shown = rows[: ROWS if options.limit is None else options.limit]
        sheet.line(_title(rows, found["left_out"]))
        if shown:
            _write_table(sheet, Places(tree.info.get("cwd", "")), shown)
        rest = len(rows) - len(shown) + found["left_out"]
        if rest:
            more = f"{count(rest)} more {'row' if rest == 1 else 'rows'}"
            sheet.line(f"  and {more}: --limit shows up to {count(len(rows))}")
        if found["last"]:
            sheet.line(f"({printable(found['last'])})")


_TYPES = {
    "function": str,
    "filename": str,
    "line": int,
    "kind": str,
    "frames": int,
    "size": int,
    "is_least": bool,
    "held": str,
}


def checked(found: Any) -> dict[str, Any] | None:
    """Return what a data file has, if it is that: a damaged one costs the section."""
    types = {"rows": list, "left_out": int, "last": str}
    if not _has(found, types):
        return None
    return found if all(_has(row, _TYPES) for row in found["rows"]) else None


def _has(found: Any, types: dict[str, type]) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(name), kind) for name, kind in types.items()
    )


def _title(rows: list[Row], left_out: int) -> str:
    if not rows:
        return f"{_TITLE}: none"
    least = ">= " if left_out or any(row["is_least"] for row in rows) else ""
    frames = count(sum(row["frames"] for row in rows))
    callers = "" if all(row["frames"] for row in rows) else " and callers"
    keep = _size(sum(row["size"] for row in rows))
    return f"{_TITLE}: {'>= ' * bool(left_out)}{frames}{callers}, {least}{keep}"


def _size(number: int) -> str:
    return size(number) if number >= 1024 else plural(number, "byte")


def _write_table(sheet: Sheet, places: Places, rows: list[Row]) -> None:
    figures = [
        Column("", "frames", (_frames(row["frames"]) for row in rows)),
        Column("", "keep", (_size(row["size"]) for row in rows)),
    ]
    kinds = Column("", "kind", (printable(row["kind"]) for row in rows))
    taken = sum(column.width + 2 for column in (*figures, kinds))
    room = max(sheet.width - taken - 2, 36)
    held = [printable(row["held"]) for row in rows]
    beside = min(max(map(cells, held)), room // 2)
    labels = fitted(sheet, [_label(places, row) for row in rows], room - beside - 2)
    wide = max(cells(place) for name, place in labels)
    heading = "".join(f"  {column.title:>{column.width}}" for column in figures)
    titles = f"{'function':<{cells(labels[0][0]) + 2 + wide}}"
    heading += f"  {'kind':<{kinds.width}}  {titles}  held by"
    sheet.line(sheet.paint(heading, "bold"))
    for index, (name, place) in enumerate(labels):
        line = "".join(f"  {column.cells[index]:>{column.width}}" for column in figures)
        kind = sheet.paint(kinds.cells[index].ljust(kinds.width), "warm")
        where = (
            f"{sheet.paint(name, 'name')}  {sheet.paint(sheet.pad(place, wide), 'dim')}"
        )
        sheet.line(f"{line}  {kind}  {where}  {sheet.fit(held[index], beside)}")


def _frames(number: int) -> str:
    return count(number) if number else "-"


def _label(places: Places, row: Row) -> tuple[str, str]:
    name = places.name(CodeRef(row["function"], row["filename"]))
    place = places.file(row["filename"])
    return name, f"{place}:{row['line']}" if row["line"] else place


REPORT = Retention()
