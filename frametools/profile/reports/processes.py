"""The processes of a `--subprocesses` run, those with most CPU first."""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._columns import Column
from frametools.profile._processes import processes
from frametools.profile._report import LackingError
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count
from frametools.profile.reports.head import quoted

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
        """Write the section; LackingError if the tree is that of one process."""
        rows = processes(tree)
        if not rows:
            raise LackingError(
                "processes shows those of one run, and the data are of one alone: "
                "frametools profile --subprocesses follows what a program starts"
            )
        sheet = sheet_for(out, options)
        first, *others = rows
        others.sort(key=lambda row: (-row["cpu"], row["pid"]))
        limit = ROWS if options.limit is None else options.limit
        shown = [first, *others][:limit]
        part = f"{count(len(shown))} of " if len(shown) < len(rows) else ""
        unit = Unit.fitting(max(row["wall"] for row in rows))
        sheet.title(f"processes: {part}{count(len(rows))} (times in {unit.name})")
        if shown:
            sheet.grid(_columns(unit, shown))


def _columns(unit: Unit, rows: list[Row]) -> list[Column]:
    files = [printable(row["file"]) for row in rows]
    return [
        Column("pid", (str(row["pid"]) for row in rows)),
        Column("calls", (count(row["calls"]) for row in rows)),
        Column("CPU", (unit.format(row["cpu"]) for row in rows)),
        Column("wall", (unit.format(row["wall"]) for row in rows)),
        Column("program", map(_program, rows), style="own", cut="end"),
        Column("data", files, style="faint", is_left=True),
    ]


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
