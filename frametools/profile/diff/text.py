"""A comparison as text: the whole run, then the functions that changed most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools.profile._columns import GAP, Column, of_functions, width_of
from frametools.profile._names import Places
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count, duration, plural, signed_size
from frametools.profile.diff.comparison import (
    MEMORY,
    METRICS,
    SOURCES,
    WHOLE,
    WHOLE_MEMORY,
)
from frametools.profile.reports.head import command_line
from frametools.profile.reports.notices import notices
from frametools.profile.reports.table import ROOM

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from frametools.profile._columns import Label
    from frametools.profile._report import ReportOptions
    from frametools.profile._sheet import Sheet
    from frametools.profile.diff.comparison import Change, Comparison, Row, Side

    Form = Callable[[float], str]

ROWS, MEMORY_ROWS = 20, 10
SORTS = {
    "self": "self_cpu",
    "cum": "cum_cpu",
    "self-wall": "self_wall",
    "wall": "cum_wall",
    "self-memory": "self_memory",
    "memory": "cum_memory",
    "calls": "calls",
    "name": "name",
}
"""The metric for each key of --sort."""
_TITLES = {
    "calls": "calls",
    "self_cpu": "self CPU",
    "cum_cpu": "cum CPU",
    "self_wall": "self wall",
    "cum_wall": "cum wall",
    "self_memory": "self memory",
    "cum_memory": "cum memory",
}
_OF_TIME = "self CPU", "cum CPU", "self wall", "cum wall"
_ORDERS = {
    "calls": ("calls", "self_cpu", "cum_cpu", "self_wall", "cum_wall"),
    "self_cpu": ("self_cpu", "cum_cpu", "calls", "self_wall", "cum_wall"),
    "cum_cpu": ("cum_cpu", "self_cpu", "calls", "cum_wall", "self_wall"),
    "self_wall": ("self_wall", "cum_wall", "calls", "self_cpu", "cum_cpu"),
    "cum_wall": ("cum_wall", "self_wall", "calls", "cum_cpu", "self_cpu"),
    "self_memory": ("self_memory", "cum_memory", "calls", "self_cpu", "cum_cpu"),
    "cum_memory": ("cum_memory", "self_memory", "calls", "cum_cpu", "self_cpu"),
}
"""Which metrics have columns: the first with all its figures, the rest if they fit."""


def write(comparison: Comparison, out: TextIO, options: ReportOptions) -> None:
    """Write the comparison; `sort` is a key of `SORTS`, by what both sides have."""
    metric = SORTS[options.sort]
    sheet = sheet_for(out, options)
    _write_sides(sheet, comparison)
    _write_whole(sheet, comparison)
    sheet.line()
    _write_functions(sheet, comparison, metric, options)
    if comparison.memory and metric not in MEMORY:
        sheet.line()
        metric = "cum_memory" if metric.startswith("cum") else "self_memory"
        _write_functions(sheet, comparison, metric, options)
    if comparison.lacking:
        sheet.note(comparison.lacking)
    for name, side in (("old", comparison.old), ("new", comparison.new)):
        for notice in notices(side.tree):
            sheet.note(f"{name}: {printable(notice)}")


def _write_sides(sheet: Sheet, comparison: Comparison) -> None:
    sides = comparison.old, comparison.new
    names = [_files(side) for side in sides]
    sheet.line(sheet.fit(f"frametools: {' -> '.join(names)}", sheet.width), "title")
    for name, side in zip(("old", "new"), sides, strict=True):
        python = printable(str(side.tree.info.get("python", "")))
        ran = f"  {name}  {command_line(side.tree)}" + (
            f"  ({python})" if python else ""
        )
        sheet.line(sheet.fit(ran, sheet.width), "faint")


def _files(side: Side) -> str:
    if side.runs == 1:
        return printable(side.files[0])
    return f"{plural(side.runs, 'run')} ({printable(side.files[0])}, ...)"


def _write_whole(sheet: Sheet, comparison: Comparison) -> None:
    names = list(reversed(WHOLE))
    names += WHOLE_MEMORY if comparison.memory else ()
    shown = [(comparison.whole[name], *_WHOLE[name][1:]) for name in names]
    styles = [_style(figure) for figure, *_ in shown]
    columns = [
        Column("", (_WHOLE[name][0] for name in names), is_left=True),
        Column("old", (value(figure.old) for figure, value, _ in shown)),
        Column("new", (value(figure.new) for figure, value, _ in shown)),
        Column("change", (_change(at, form) for at, _, form in shown), style=styles),
        Column("%", (_percent(figure) for figure, *_ in shown), style=styles),
    ]
    noise = [_noise(figure, form) for figure, _, form in shown]
    sheet.grid([*columns, Column("noise", noise)] if any(noise) else columns)


def _write_functions(
    sheet: Sheet, comparison: Comparison, metric: str, options: ReportOptions
) -> None:
    """Write the functions, sorted by one metric: those of memory, if they have any."""
    rows, most = comparison.ranked(metric), ROWS
    if metric in MEMORY:
        rows, most = [row for row in rows if _has_memory(row)], MEMORY_ROWS
    shown = rows[: most if options.limit is None else options.limit]
    if not rows:
        has_none = "changed the size of memory" if metric in MEMORY else "was called"
        sheet.line(f"no function {has_none}")
        return
    times = [name for name in METRICS if name != "calls"]
    both = (row.figures[name] for row in shown for name in times)
    unit = Unit.fitting(max((max(at.old, at.new) for at in both), default=0))
    columns = _columns(shown, metric, unit, sheet.width)
    notes = _notes(comparison, metric, unit, columns, options)
    part = f"{count(len(shown))} of " if len(shown) < len(rows) else ""
    by = "name" if metric == "name" else f"change of {_TITLES[metric]}"
    sheet.title(f"functions by {by}: {part}{count(len(rows))} ({', '.join(notes)})")
    places = Places(comparison.old.home), Places(comparison.new.home)
    sheet.grid([*columns, *of_functions([_label(row, places) for row in shown])])


def _has_memory(row: Row) -> bool:
    figures = (row.figures[name] for name in MEMORY)
    return any(_bytes(max(abs(at.old), abs(at.new))) != "-" for at in figures)


def _notes(
    comparison: Comparison,
    metric: str,
    unit: Unit,
    columns: list[Column],
    options: ReportOptions,
) -> list[str]:
    """Say what the figures in the columns are."""
    is_mean = comparison.old.runs > 1 or comparison.new.runs > 1
    notes = [f"means in {unit.name}" if is_mean else f"times in {unit.name}"]
    if metric in MEMORY:
        growth = "net growth of " + SOURCES[comparison.memory]
        has_times = any(column.group in _OF_TIME for column in columns)
        notes = ["means, " * is_mean + growth]
        notes += [f"times in {unit.name}"] * has_times
    if is_mean:
        notes.append("~ is within the noise")
    if options.raw and metric not in MEMORY:
        notes.append("cost of monitoring not subtracted")
    return notes


def _columns(rows: list[Row], metric: str, unit: Unit, width: int) -> list[Column]:
    """The metric sorted by in full; of the others the change, where there is room."""
    first, *others = _ORDERS["self_cpu" if metric == "name" else metric]
    columns = _full(rows, first, _form(first, unit))
    for name in others:
        more = columns + _short(rows, name, _form(name, unit))
        if width - GAP - width_of(more) < ROOM:
            break
        columns = more
    return columns


def _form(metric: str, unit: Unit) -> Form:
    if metric in MEMORY:
        return _bytes
    return _count if metric == "calls" else unit.format


def _full(rows: list[Row], metric: str, form: Form) -> list[Column]:
    title, figures = _TITLES[metric], [row.figures[metric] for row in rows]
    value = signed_size if metric in MEMORY else form
    columns = [
        Column("old", (value(figure.old) for figure in figures), group=title),
        Column("new", (value(figure.new) for figure in figures), group=title),
        *_short(rows, metric, form),
    ]
    if any(figure.noise is not None for figure in figures):
        cells = (_noise(figure, form) for figure in figures)
        columns.append(Column("noise", cells, group=title))
    return columns


def _short(rows: list[Row], metric: str, form: Form) -> list[Column]:
    title, figures = _TITLES[metric], [row.figures[metric] for row in rows]
    changes = [_change(figure, form) for figure in figures]
    percents = [
        row.state or ("-" if change == "-" else _percent(row.figures[metric]))
        for row, change in zip(rows, changes, strict=True)
    ]
    style = list(map(_style, figures))
    return [
        Column("change", changes, group=title, style=style),
        Column("%", percents, group=title, style=style),
    ]


def _count(number: float) -> str:
    return count(int(number)) if number == int(number) else f"{number:,.1f}"


def _bytes(number: float) -> str:
    return signed_size(number).removeprefix("+")


_WHOLE: dict[str, tuple[str, Form, Form]] = {
    "wall": ("wall", duration, duration),
    "cpu": ("CPU", duration, duration),
    "calls": ("calls", _count, _count),
    "memory": ("memory", signed_size, _bytes),
    "peak": ("peak", _bytes, _bytes),
}
"""Of the figures of a run: what they are called, and how they and changes look."""


def _change(figure: Change, form: Form) -> str:
    text = form(abs(figure.change)) if figure.change else "-"
    if text == "-":
        return text
    sign = "+" if figure.change > 0 else "-"
    return f"{'~' * figure.is_noise}{sign}{text}"


def _percent(figure: Change) -> str:
    percent = figure.percent
    if percent is None or not figure.change:
        return "-" if not figure.change else "new"
    return f"{percent:+,.0f} %" if abs(percent) >= 99.95 else f"{percent:+.1f} %"


def _noise(figure: Change, form: Form) -> str:
    if figure.noise is None:
        return ""
    return form(figure.noise) if figure.noise else "-"


def _style(figure: Change) -> str:
    if figure.is_noise or not figure.change:
        return "faint"
    return "hot" if figure.change > 0 else "cool"


def _label(row: Row, places: tuple[Places, Places]) -> Label:
    old, new = places
    place = new.place(row.new) if row.new else old.place(row.code)
    if row.old and row.new and old.file(row.old.filename) != new.file(row.new.filename):
        place = f"was {old.place(row.old)}, now {place}"  # the left end is cut first
    return new.name(row.code), place, row.code.filename
