"""The tasks of event loops, those with most CPU time first."""

from __future__ import annotations

from frametools._paths import printable
from frametools.calltree.tasks import measure_tasks
from frametools.profile._columns import GAP, Column, of_functions, width_of
from frametools.profile._names import Places
from frametools.profile._report import LackingError
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.calltree.tasks import TaskKind, TaskStats
    from frametools.profile._report import ReportOptions

ROWS = 10
ROOM = 32
"""Columns of the output that task and place should have at least."""
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
        """Write the section; LackingError where no task ran. O(nodes)."""
        if not tree.tasks().kinds:
            raise LackingError("tasks shows those of event loops, and none ran")
        *rows, rest = measure_tasks(tree, raw=options.raw)
        sheet, unit = sheet_for(out, options), Unit.of(tree)
        name, key = _SORTS.get(options.sort, _BY_CPU)
        limit = ROWS if options.limit is None else options.limit
        shown = sorted(rows, key=lambda row: (row.kind.kinds > 1, key(row)))[:limit]
        total, seen = (sum(row.kind.kinds for row in each) for each in (rows, shown))
        part = f"{count(seen)} of " if seen < total else ""
        kinds = f"{part}{plural(total, 'name or coroutine', 'names and coroutines')}"
        began = plural(sum(row.kind.tasks for row in rows), "task")
        raw = ", cost of monitoring not subtracted" if options.raw else ""
        sheet.title(f"tasks by {name}: {kinds}, {began} (times in {unit.name}{raw})")
        if shown:
            places = Places(tree.info.get("cwd", ""))
            sheet.grid(_columns(places, unit, [*shown, rest], options.width))


def _columns(
    places: Places, unit: Unit, rows: list[TaskStats], width: int
) -> list[Column]:
    form = unit.format
    figures = [
        Column("tasks", (_often(row.kind.tasks) for row in rows)),
        Column("steps", (_often(row.kind.steps) for row in rows)),
        Column("calls", (count(row.calls) for row in rows)),
        Column("CPU", (form(row.cpu) for row in rows)),
        Column("wall", (form(row.wall) for row in rows)),
        Column("await", (form(row.awaited) for row in rows)),
    ]
    if width - GAP - width_of(figures) < ROOM:
        del figures[1]
    return [*figures, *of_functions([_label(row.kind, places) for row in rows], "task")]


def _often(number: int) -> str:
    return count(number) if number else "-"


def _label(kind: TaskKind, places: Places) -> tuple[str, str, str]:
    if not kind.kinds:
        return "in no task", "", ""
    if kind.code is None:
        return f"{kind.title} ({count(kind.kinds)} names and coroutines)", "", ""
    return printable(kind.title), places.place(kind.code), kind.code.filename


REPORT = Tasks()
