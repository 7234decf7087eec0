"""The tasks of event loops, those with most CPU time first."""

from __future__ import annotations

from frametools._paths import printable
from frametools.calltree.tasks import measure_tasks
from frametools.profile._names import Places
from frametools.profile._sheet import Sheet
from frametools.profile._units import Unit, count, plural
from frametools.profile.reports.table import Column, fitted, room_beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.calltree.tasks import TaskKind, TaskStats
    from frametools.profile._report import ReportOptions

ROWS = 10
_BY_CPU = "CPU", lambda row: -row.cpu
_BY_WALL = "wall", lambda row: -row.wall
_SORTS: dict[str, tuple[str, Callable[[TaskStats], object]]] = {
    "wall": _BY_WALL,
    "self-wall": _BY_WALL,
    "calls": ("calls", lambda row: -row.calls),
    "await": ("await", lambda row: -row.awaited),
    "name": ("name", lambda row: row.kind.title),
}


class Tasks:
    """The `tasks` form."""

    name = "tasks"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; nothing where no task ran. O(nodes)."""
        if not tree.tasks().kinds:
            return
        *rows, rest = measure_tasks(tree, raw=options.raw)
        sheet, unit = Sheet(out, options), Unit.of(tree)
        name, key = _SORTS.get(options.sort, _BY_CPU)
        limit = ROWS if options.limit is None else options.limit
        shown = sorted(rows, key=lambda row: (row.kind.kinds > 1, key(row)))[:limit]
        total, seen = (sum(row.kind.kinds for row in each) for each in (rows, shown))
        part = f"{count(seen)} of " if seen < total else ""
        kinds = f"{part}{plural(total, 'name or coroutine', 'names and coroutines')}"
        began = plural(sum(row.kind.tasks for row in rows), "task")
        raw = ", cost of monitoring not subtracted" if options.raw else ""
        sheet.line(f"tasks by {name}: {kinds}, {began} (times in {unit.name}{raw})")
        if shown:
            places = Places(tree.info.get("cwd", ""))
            _write_table(places, sheet, unit, [*shown, rest])


def _write_table(
    places: Places, sheet: Sheet, unit: Unit, rows: list[TaskStats]
) -> None:
    form = unit.format
    columns = [
        Column("", "tasks", (_often(row.kind.tasks) for row in rows)),
        Column("", "steps", (_often(row.kind.steps) for row in rows)),
        Column("", "calls", (count(row.calls) for row in rows)),
        Column("", "CPU", (form(row.cpu) for row in rows)),
        Column("", "wall", (form(row.wall) for row in rows)),
        Column("", "await", (form(row.awaited) for row in rows)),
    ]
    if room_beside(columns, sheet.width) < 32:
        del columns[1]
    titles = "".join(f"  {column.title:>{column.width}}" for column in columns)
    sheet.line(sheet.paint(f"{titles}  task", "bold"))
    room = max(room_beside(columns, sheet.width), 16)
    labels = [_label(row.kind, places) for row in rows]
    for index, (name, place) in enumerate(fitted(sheet, labels, room)):
        numbers = "".join(f"  {c.cells[index]:>{c.width}}" for c in columns)
        kind = rows[index].kind
        path = kind.code.filename if kind.code else ""
        linked = sheet.link(sheet.paint(place, "dim"), path)
        painted = sheet.paint(name, "name" if kind.kinds else "dim")
        sheet.line(f"{numbers}  {painted}  {linked}")


def _often(number: int) -> str:
    return count(number) if number else "-"


def _label(kind: TaskKind, places: Places) -> tuple[str, str]:
    if not kind.kinds:
        return "in no task", ""
    if kind.kinds > 1:
        return f"{kind.title} ({count(kind.kinds)} names and coroutines)", ""
    return printable(kind.title), places.place(kind.code) if kind.code else ""


REPORT = Tasks()
