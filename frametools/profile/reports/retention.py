"""The frames still alive at exit, by function: how many, how large, held by what."""

from __future__ import annotations

from frametools._paths import printable
from frametools.events import CodeRef
from frametools.profile._columns import Column, of_functions
from frametools.profile._names import Places
from frametools.profile._processes import processes
from frametools.profile._report import LackingError
from frametools.profile._sheet import sheet_for
from frametools.profile._units import count, plural, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from frametools.calltree import CallTree
    from frametools.profile._columns import Label
    from frametools.profile._report import ReportOptions

    Row = dict[str, Any]

ROWS = 10
_TITLE = "frames still alive at exit"


class Retention:
    """The `retention` form."""

    name = "retention"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; LackingError if `--retention` was not asked for."""
        found = checked(tree.info.get("retention"))
        if found is None:
            raise LackingError(
                "retention shows frames alive at exit, and nobody looked for them: "
                "frametools profile --retention does"
            )
        sheet = sheet_for(out, options)
        rows: list[Row] = found["rows"]
        shown = rows[: ROWS if options.limit is None else options.limit]
        sheet.title(_title(rows, found["left_out"]) + _where(tree, found))
        if shown:
            sheet.grid(_columns(Places(tree.info.get("cwd", "")), shown))
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


def _where(tree: CallTree, found: dict[str, Any]) -> str:
    """In how many processes was looked, where there are several."""
    several, looked = len(processes(tree)), found.get("processes")
    if several < 2 or not isinstance(looked, int):
        return ""
    return f", in {count(looked)} of {count(several)} processes"


def _size(number: int) -> str:
    return size(number) if number >= 1024 else plural(number, "byte")


def _columns(places: Places, rows: list[Row]) -> list[Column]:
    kinds = (printable(row["kind"]) for row in rows)
    held = (printable(row["held"]) for row in rows)
    return [
        Column("frames", (_frames(row["frames"]) for row in rows)),
        Column("keep", (_size(row["size"]) for row in rows)),
        Column("kind", kinds, style="warm", is_left=True),
        *of_functions([_label(places, row) for row in rows]),
        Column("held by", held, cut="end"),
    ]


def _frames(number: int) -> str:
    return count(number) if number else "-"


def _label(places: Places, row: Row) -> Label:
    return places.label(CodeRef(row["function"], row["filename"], row["line"]))


REPORT = Retention()
