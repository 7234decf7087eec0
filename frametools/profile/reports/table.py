"""The function table: counts, CPU, wall, await, depth, and where it is."""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._names import Places
from frametools.profile._sheet import Sheet, cells
from frametools.profile._units import Unit, count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TextIO

    from frametools.calltree import CallTree, FunctionStats
    from frametools.profile._report import ReportOptions

ROWS = 20
GAP = 2
"""Spaces between columns."""
_SORTS: dict[str, tuple[str, Callable[[FunctionStats], Any]]] = {
    "self": ("self CPU", lambda row: -row.self_cpu),
    "cum": ("cumulative CPU", lambda row: -row.cum_cpu),
    "wall": ("cumulative wall", lambda row: -row.cum_wall),
    "self-wall": ("self wall", lambda row: -row.self_wall),
    "calls": ("calls", lambda row: -row.calls),
    "await": ("await", lambda row: -row.awaited),
    "depth": ("depth", lambda row: -row.max_depth),
    "name": ("name", lambda row: row.code.qualname),
}


def ranked(tree: CallTree, options: ReportOptions) -> list[FunctionStats]:
    """Every function, sorted; equal ones by name, so the order never varies."""
    key = _SORTS[options.sort][1]
    return sorted(
        tree.functions(raw=options.raw),
        key=lambda row: (key(row), row.code.qualname, row.code.filename, row.code[2]),
    )


class Column:
    """One column of numbers: two lines of heading, and its cells."""

    __slots__ = ("cells", "group", "title", "width")

    def __init__(self, group: str, title: str, cells: Iterable[str]) -> None:
        self.group = group
        self.title = title
        self.cells = list(cells)
        self.width = max(map(len, (title, *self.cells)))


class Table:
    """The `table` form."""

    name = "table"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the table; O(nodes)."""
        sheet = Sheet(out, options)
        rows = ranked(tree, options)
        shown = rows[: ROWS if options.limit is None else options.limit]
        if not rows:
            sheet.line(_nothing(tree))
            return
        unit = Unit.of(tree)
        sheet.line(_title(len(rows), len(shown), unit, options))
        columns = _columns(shown, unit, sheet.width)
        for heading in headings(columns, sheet):
            sheet.line(heading)
        _write_rows(sheet, columns, shown, Places(tree.info.get("cwd", "")))


def _nothing(tree: CallTree) -> str:
    """Say why there is no row."""
    filters = [
        f"--{kind} {printable(str(glob))}"
        for kind in ("include", "exclude")
        for glob in tree.info.get(kind, ())
    ]
    if filters:
        return f"no function matched {' '.join(filters)}"
    return "no function was called"


def _title(total: int, shown: int, unit: Unit, options: ReportOptions) -> str:
    part = f"{count(shown)} of {count(total)}" if shown < total else count(total)
    raw = ", cost of monitoring not subtracted" if options.raw else ""
    return f"functions by {_SORTS[options.sort][0]}: {part} (times in {unit.name}{raw})"


def _columns(rows: list[FunctionStats], unit: Unit, width: int) -> list[Column]:
    """The columns that have something to say, and for which there is room."""
    form = unit.format
    columns = [
        Column("", "calls", (_calls(row) for row in rows)),
        Column("CPU", "self", (form(row.self_cpu) for row in rows)),
        Column("CPU", "cum", (form(row.cum_cpu) for row in rows)),
        Column("wall", "self", (form(row.self_wall) for row in rows)),
        Column("wall", "cum", (form(row.cum_wall) for row in rows)),
    ]
    if any(row.awaited for row in rows):
        columns.append(Column("", "await", (form(row.awaited) for row in rows)))
    columns.append(Column("", "depth", (count(row.max_depth) for row in rows)))
    if room_beside(columns, width) < 32:
        del columns[3]
    return columns


def _calls(row: FunctionStats) -> str:
    if row.calls == row.primitive_calls:
        return str(row.calls)
    return f"{row.calls}/{row.primitive_calls}"


def room_beside(columns: list[Column], width: int) -> int:
    """Columns of the output that are left for names."""
    return width - sum(column.width + GAP for column in columns) - GAP


def headings(columns: list[Column], sheet: Sheet) -> tuple[str, str]:
    """Give two lines: groups drawn over their columns, then the titles."""
    groups = titles = ""
    for index, column in enumerate(columns):
        titles += " " * GAP + column.title.rjust(column.width)
        if not column.group:
            groups = groups.ljust(len(titles))
        elif index == 0 or columns[index - 1].group != column.group:
            width = _group_width(columns, index)
            label = f" {column.group} ".center(width, sheet.rule)
            groups += " " * GAP + label
    titles += " " * GAP + "function"
    return sheet.paint(groups.rstrip(), "dim"), sheet.paint(titles, "bold")


def _group_width(columns: list[Column], first: int) -> int:
    group = columns[first].group
    widths = [column.width for column in columns[first:] if column.group == group]
    return sum(widths) + GAP * (len(widths) - 1)


def _write_rows(
    sheet: Sheet,
    columns: list[Column],
    rows: list[FunctionStats],
    places: Places,
) -> None:
    room = max(room_beside(columns, sheet.width), 16)
    labels = [(places.name(row.code), places.place(row.code)) for row in rows]
    for index, (name, place) in enumerate(fitted(sheet, labels, room)):
        numbers = "".join(
            " " * GAP + column.cells[index].rjust(column.width) for column in columns
        )
        linked = sheet.link(sheet.paint(place, "dim"), rows[index].code.filename)
        sheet.line(f"{numbers}  {sheet.paint(name, 'name')}  {linked}")


def fitted(
    sheet: Sheet, labels: list[tuple[str, str]], room: int
) -> list[tuple[str, str]]:
    """Names and places as two columns in `room`, names cut last."""
    wanted = max((cells(name) for name, place in labels), default=0)
    beside = max((cells(place) for name, place in labels), default=0)
    width = max(room - GAP, 2)
    if wanted + beside > width:
        wanted = min(wanted, max(width - beside, width * 11 // 20))
    return [
        (
            sheet.pad(sheet.fit(name, wanted), wanted),
            sheet.fit_left(place, width - wanted),
        )
        for name, place in labels
    ]


REPORT = Table()
