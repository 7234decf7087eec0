"""The function table: counts, CPU, wall, await, depth, and where it is."""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._columns import GAP, Column, of_functions, width_of
from frametools.profile._names import Places
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from frametools.calltree import CallTree, FunctionStats
    from frametools.profile._report import ReportOptions

ROWS = 20
ROOM = 40
"""Columns of the output that function and place should have at least."""
_LEAST = {"self-wall": ROOM, "depth": 24, "await": 24, "wall": 24, "cum": 24}
"""Which columns go, in this order, where function and place have less than that."""
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


class Table:
    """The `table` form."""

    name = "table"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the table; O(nodes)."""
        sheet = sheet_for(out, options)
        rows = ranked(tree, options)
        shown = rows[: ROWS if options.limit is None else options.limit]
        if not rows:
            sheet.line(_nothing(tree))
            return
        unit = Unit.of(tree)
        sheet.title(_title(len(rows), len(shown), unit, options))
        places = Places(tree.info.get("cwd", ""))
        functions = of_functions([places.label(row.code) for row in shown])
        sheet.grid([*_figures(shown, unit, options), *functions])


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


def _figures(
    rows: list[FunctionStats], unit: Unit, options: ReportOptions
) -> list[Column]:
    """The figures that have something to say, and for which there is room."""
    form = unit.format
    columns = {
        "calls": Column("calls", (_calls(row) for row in rows)),
        "self": Column("self", (form(row.self_cpu) for row in rows), group="CPU"),
        "cum": Column("cum", (form(row.cum_cpu) for row in rows), group="CPU"),
        "self-wall": Column(
            "self", (form(row.self_wall) for row in rows), group="wall"
        ),
        "wall": Column("cum", (form(row.cum_wall) for row in rows), group="wall"),
        "await": Column("await", (form(row.awaited) for row in rows)),
        "depth": Column("depth", (count(row.max_depth) for row in rows)),
    }
    if not any(row.awaited for row in rows):
        del columns["await"]
    for key, room in _LEAST.items():
        is_tight = options.width - GAP - width_of(columns.values()) < room
        if is_tight and key != options.sort:
            columns.pop(key, None)
    return list(columns.values())


def _calls(row: FunctionStats) -> str:
    if row.calls == row.primitive_calls:
        return str(row.calls)
    return f"{row.calls}/{row.primitive_calls}"


REPORT = Table()
