"""The processes of a `--subprocesses` run, those with most CPU first."""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._processes import processes
from frametools.profile._sheet import Sheet, cells
from frametools.profile._units import Unit, count
from frametools.profile.reports.head import quoted
from frametools.profile.reports.table import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

    Row = dict[str, Any]

ROWS = 10
_IMPORT = "from multiprocessing."


class Processes:
    """The `processes` form."""

    name = "processes"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; nothing where the tree is that of one process."""
        rows = processes(tree)
        if not rows:
            return
        sheet = Sheet(out, options)
        first, *others = rows
        others.sort(key=lambda row: (-row["cpu"], row["pid"]))
        limit = ROWS if options.limit is None else options.limit
        shown = [first, *others][:limit]
        part = f"{count(len(shown))} of " if len(shown) < len(rows) else ""
        unit = Unit.fitting(max(row["wall"] for row in rows))
        sheet.line(f"processes: {part}{count(len(rows))} (times in {unit.name})")
        if shown:
            _write_table(sheet, unit, shown)


def _write_table(sheet: Sheet, unit: Unit, rows: list[Row]) -> None:
    columns = [
        Column("", "pid", (str(row["pid"]) for row in rows)),
        Column("", "calls", (count(row["calls"]) for row in rows)),
        Column("", "CPU", (unit.format(row["cpu"]) for row in rows)),
        Column("", "wall", (unit.format(row["wall"]) for row in rows)),
    ]
    files = [printable(row["file"]) for row in rows]
    beside = max(map(cells, files))
    taken = sum(column.width + 2 for column in columns)
    room = max(sheet.width - taken - beside - 4, 16)
    programs = [sheet.fit(_program(row), room) for row in rows]
    room = max(map(cells, (*programs, "program")))
    titles = "".join(f"  {column.title:>{column.width}}" for column in columns)
    sheet.line(sheet.paint(f"{titles}  {'program':<{room}}  data", "bold"))
    for index, program in enumerate(programs):
        numbers = "".join(f"  {c.cells[index]:>{c.width}}" for c in columns)
        name = sheet.paint(sheet.pad(program, room), "name")
        sheet.line(f"{numbers}  {name}  {sheet.paint(files[index], 'dim')}")


def _program(row: Row) -> str:
    words = [quoted(printable(word)) for word in _telling(row["command"])]
    if row["is_forked"]:
        words.insert(0, f"fork of {row['parent']}:")
    return " ".join(words)


def _telling(words: list[str]) -> list[str]:
    """Shorten the command lines by which multiprocessing starts its processes."""
    text = words[words.index("-c") + 1 :][:1] if "-c" in words else []
    module = text[0].split()[1:2] if text and text[0].startswith(_IMPORT) else []
    return module or words


REPORT = Processes()
