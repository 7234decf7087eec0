"""A comparison as text: the whole run, then the functions that changed most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools.profile._columns import GAP, Column, of_functions, width_of
from frametools.profile._names import Places
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count, duration, plural
from frametools.profile.diff.comparison import WHOLE
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

ROWS = 20
SORTS = {
    "self": "self_cpu",
    "cum": "cum_cpu",
    "self-wall": "self_wall",
    "wall": "cum_wall",
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
}
_ORDERS = {
    "calls": ("calls", "self_cpu", "cum_cpu", "self_wall", "cum_wall"),
    "self_cpu": ("self_cpu", "cum_cpu", "calls", "self_wall", "cum_wall"),
    "cum_cpu": ("cum_cpu", "self_cpu", "calls", "cum_wall", "self_wall"),
    "self_wall": ("self_wall", "cum_wall", "calls", "self_cpu", "cum_cpu"),
    "cum_wall": ("cum_wall", "self_wall", "calls", "cum_cpu", "self_cpu"),
}
"""Which metrics have columns: the first with all its figures, the rest if they fit."""


def write(comparison: Comparison, out: TextIO, options: ReportOptions) -> None:
    """Write the comparison; `sort` is a key of `SORTS`."""
    sheet = sheet_for(out, options)
    _write_sides(sheet, comparison)
    _write_whole(sheet, comparison)
    sheet.line()
    _write_functions(sheet, comparison, options)
    for name, side in (("old", comparison.old), ("new", comparison.new)):
        for notice in notices(side.tree):
            sheet.line(f"note: {name}: {printable(notice)}", "warning")


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
    forms: dict[str, Form] = {"calls": _count, "cpu": duration, "wall": duration}
    shown = [(comparison.whole[name], forms[name]) for name in reversed(WHOLE)]
    names = ["CPU" if name == "cpu" else name for name in reversed(WHOLE)]
    styles = [_style(figure) for figure, _ in shown]
    columns = [
        Column("", names, is_left=True),
        Column("old", (form(figure.old) for figure, form in shown)),
        Column("new", (form(figure.new) for figure, form in shown)),
        Column("change", (_change(*each) for each in shown), style=styles),
        Column("%", (_percent(figure) for figure, _ in shown), style=styles),
    ]
    noise = [_noise(figure, form) for figure, form in shown]
    sheet.grid([*columns, Column("noise", noise)] if any(noise) else columns)


def _write_functions(
    sheet: Sheet, comparison: Comparison, options: ReportOptions
) -> None:
    metric = SORTS[options.sort]
    rows = comparison.ranked(metric)
    shown = rows[: ROWS if options.limit is None else options.limit]
    if not rows:
        sheet.line("no function was called")
        return
    metric = "self_cpu" if metric == "name" else metric
    largest = max(
        (
            max(row.figures[name].old, row.figures[name].new)
            for row in shown
            for name in _TITLES
            if name != "calls"
        ),
        default=0,
    )
    unit = Unit.fitting(largest)
    sheet.title(_title(comparison, shown, unit, options))
    columns = _columns(shown, metric, unit, sheet.width)
    places = Places(comparison.old.home), Places(comparison.new.home)
    sheet.grid([*columns, *of_functions([_label(row, places) for row in shown])])


def _title(
    comparison: Comparison, shown: list[Row], unit: Unit, options: ReportOptions
) -> str:
    total = len(comparison.rows)
    part = f"{count(len(shown))} of " if len(shown) < total else ""
    metric = SORTS[options.sort]
    by = "name" if metric == "name" else f"change of {_TITLES[metric]}"
    notes = [f"times in {unit.name}"]
    if comparison.old.runs > 1 or comparison.new.runs > 1:
        notes = [f"means in {unit.name}, ~ is within the noise"]
    if options.raw:
        notes.append("cost of monitoring not subtracted")
    return f"functions by {by}: {part}{count(total)} ({', '.join(notes)})"


def _columns(rows: list[Row], metric: str, unit: Unit, width: int) -> list[Column]:
    """The metric sorted by in full; of the others the change, where there is room."""
    first, *others = _ORDERS[metric]
    columns = _full(rows, first, _form(first, unit))
    for name in others:
        more = columns + _short(rows, name, _form(name, unit))
        if width - GAP - width_of(more) < ROOM:
            break
        columns = more
    return columns


def _form(metric: str, unit: Unit) -> Form:
    return _count if metric == "calls" else unit.format


def _full(rows: list[Row], metric: str, form: Form) -> list[Column]:
    title, figures = _TITLES[metric], [row.figures[metric] for row in rows]
    columns = [
        Column("old", (form(figure.old) for figure in figures), group=title),
        Column("new", (form(figure.new) for figure in figures), group=title),
        *_short(rows, metric, form),
    ]
    if any(figure.noise is not None for figure in figures):
        cells = (_noise(figure, form) for figure in figures)
        columns.append(Column("noise", cells, group=title))
    return columns


def _short(rows: list[Row], metric: str, form: Form) -> list[Column]:
    title, figures = _TITLES[metric], [row.figures[metric] for row in rows]
    changes = (_change(figure, form) for figure in figures)
    percents = (row.state or _percent(row.figures[metric]) for row in rows)
    style = list(map(_style, figures))
    return [
        Column("change", changes, group=title, style=style),
        Column("%", percents, group=title, style=style),
    ]


def _count(number: float) -> str:
    return count(int(number)) if number == int(number) else f"{number:,.1f}"


def _change(figure: Change, form: Form) -> str:
    if not figure.change:
        return "-"
    sign = "+" if figure.change > 0 else "-"
    return f"{'~' * figure.is_noise}{sign}{form(abs(figure.change))}"


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
