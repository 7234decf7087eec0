"""What was raised, where it was handled, what escaped; an example of each."""

from __future__ import annotations

from frametools._paths import is_installed, is_standard, printable
from frametools.events import CodeRef
from frametools.profile._columns import Column, of_functions
from frametools.profile._facts import EXCEPTIONS
from frametools.profile._names import Places
from frametools.profile._report import LackingError
from frametools.profile._sheet import Sheet, sheet_for
from frametools.profile._units import count, plural
from frametools.profile.reports.head import again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from frametools.calltree import CallTree
    from frametools.profile._columns import Label
    from frametools.profile._report import ReportOptions

    Row = dict[str, Any]

ROWS = 10
EXAMPLES = 5
FRAMES = 8
_OWN, _INSTALLED, _STANDARD, _ROUTINE = range(4)
"""Whose function raised it; routine is what the standard library's do all day."""
_LOOKUPS = frozenset({"AttributeError", "IndexError", "KeyError", "StopIteration"})


class Exceptions:
    """The `exceptions` form."""

    name = "exceptions"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; LackingError where no exception is in the data."""
        rows = [row for row in tree.exceptions if not row["control_flow"]]
        if not tree.exceptions:
            raise LackingError(_none(tree))
        sheet = sheet_for(out, options)
        for line in _titles(tree.exceptions, rows):
            sheet.title(line)
        rows.sort(key=_rank)
        places = Places(tree.info.get("cwd", ""))
        shown = _shown(rows, options.limit)
        if shown:
            sheet.grid(_columns(places, shown))
        if options.limit is None and len(rows) > len(shown):
            sheet.line(_rest(rows[len(shown) :], len(rows), options.data))
        for row in shown[:EXAMPLES]:
            if row["example"]:
                sheet.line()
                _write_example(sheet, places, row["example"])


def _none(tree: CallTree) -> str:
    if any(kind == EXCEPTIONS for kind, _ in tree.notes):
        return "no exception was raised"
    return (
        "exceptions shows what was raised, and it was not recorded: "
        "frametools profile --exceptions does that"
    )


def _rank(row: Row) -> tuple[object, ...]:
    """What escaped comes first, then what the program's own functions raised."""
    return (not row["escaped"], _origin(row), -row["raised"], row["type"])


def _origin(row: Row) -> int:
    path = str(row["filename"])
    if is_installed(path):
        return _INSTALLED
    if not is_standard(path):
        return _OWN
    is_import = path.startswith("<frozen ") and "import" in path
    is_routine = is_import or _short(row["type"]) in _LOOKUPS
    return _ROUTINE if is_routine else _STANDARD


def _shown(rows: list[Row], limit: int | None) -> list[Row]:
    """As many as asked for; unasked ten at most, and nothing that is routine."""
    if limit is not None:
        return rows[:limit]
    return [row for row in rows if row["escaped"] or _origin(row) != _ROUTINE][:ROWS]


def _rest(rows: list[Row], total: int, data: str | None) -> str:
    """Say how many rows are not shown, and how to see them."""
    is_far = all(_origin(row) >= _STANDARD for row in rows)
    where = " in the standard library" if is_far else ""
    command = again(data, f"-f exceptions --limit {total}")
    return f"  and {count(len(rows))} more{where}: {command}"


def _titles(every: list[Row], rows: list[Row]) -> list[str]:
    sums = {
        name: count(sum(row[name] for row in rows))
        for name in ("raised", "handled", "escaped")
    }
    figures = ", ".join(f"{number} {name}" for name, number in sums.items())
    ends = sum(row["raised"] for row in every) - sum(row["raised"] for row in rows)
    rest = f"({plural(ends, 'end')} of iterations by exception not counted)"
    return [f"exceptions: {figures}", *([rest] if ends else [])]


def _columns(places: Places, rows: list[Row]) -> list[Column]:
    titles = {"raised": "raised", "handled": "handled", "escaped": "escaped"}
    if any(row["cleared"] for row in rows):
        titles["cleared"] = "in C"
    figures = [
        Column(title, (count(row[name]) for row in rows))
        for name, title in titles.items()
    ]
    kinds = (_short(row["type"]) for row in rows)
    return [
        *figures,
        Column("type", kinds, style="warm", is_left=True),
        *of_functions([_label(places, row) for row in rows], "raised in"),
    ]


def _label(places: Places, row: Row) -> Label:
    return places.label(CodeRef(row["function"], row["filename"], row["firstlineno"]))


def _short(name: str) -> str:
    return printable(name).removeprefix("builtins.")


def _write_example(sheet: Sheet, places: Places, example: Row) -> None:
    """Write one traceback: what, how it ended, and the frames, outermost first."""
    message = printable(example["message"])
    what = _short(example["type"]) + (f": {message}" if message else "")
    sheet.line("  " + sheet.fit(what, sheet.width - 2), "warm")
    labels = _folded([_frame(places, frame) for frame in example["frames"]])
    if len(labels) > FRAMES:
        between = (f"{sheet.ellipsis} {count(len(labels) - FRAMES)} frames", "", "")
        labels[2 : 2 + len(labels) - FRAMES] = [between]
    sheet.grid(of_functions(labels, ""), indent=4)
    sheet.line(f"    {_end(places, example)}")


def _folded(labels: list[Label]) -> list[Label]:
    """A recursion in one line."""
    found: list[Label] = []
    times = 0
    for index, label in enumerate(labels):
        times += 1
        if index + 1 < len(labels) and labels[index + 1] == label:
            continue
        name, place, path = label
        shown = name if times == 1 else f"{name} ({count(times)} times)"
        found.append((shown, place, path))
        times = 0
    return found


def _frame(places: Places, frame: Row) -> Label:
    return places.label(CodeRef(*frame["code"]), frame["line"])


def _end(places: Places, example: Row) -> str:
    left = plural(example["left"], "frame")
    if example["escaped"]:
        return f"left {left} and escaped"
    if example["handled"]:
        name, place, _ = _frame(places, example["handled"])
        return f"left {left}, handled by {name} at {place}"
    return f"left {left}, cleared by C code or still on its way"


REPORT = Exceptions()
