"""The tables, as text for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bars import BARS, Bar, Results, is_met, shown
from per_call import LOOPS
from programs import mean_added
from tools import CPROFILE, DEFAULT, PLAIN

NONE = "-"


class Table(NamedTuple):
    """A title, column heads, and rows of text."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        """Aligned columns."""
        lines = [self.heads, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        cells = ("  ".join(map(_pad, line, widths)).rstrip() for line in lines)
        return "\n".join([self.title, *cells])

    def markdown(self) -> str:
        """A pipe table under its title."""
        rule = ["---", *["---:"] * (len(self.heads) - 1)]
        lines = [self.heads, rule, *self.rows]
        return "\n".join(
            [self.title, "", *(f"| {' | '.join(line)} |" for line in lines)]
        )


def _pad(cell: str, width: int) -> str:
    number = cell[:1] in "-0123456789" and cell
    return cell.rjust(width) if number else cell.ljust(width)


def _number(value: float | None, form: str = ".2f") -> str:
    return NONE if value is None else format(value, form)


def described(results: Results) -> str:
    """The interpreter, the machine and the day of the figures."""
    core = "" if results["core"] == "c" else f"; core: {results['core']}, not C"
    quick = "; a quick run" if results.get("is_quick") else ""
    day = f"{results['date']}{quick}{core}"
    return f"Python {results['python']}, {results['machine']}, {day}"


def _verdict(bar: Bar, results: Results) -> str:
    met = is_met(bar, results)
    return "not measured" if met is None else "met" if met else "NOT MET"


def bars(results: Results) -> Table:
    """Each bar, what was measured, and whether it is met."""
    rows = []
    for bar in BARS:
        limit, value = bar.limit(results), bar.measured(results)
        if limit is None and value is None:
            continue
        rows.append(
            [
                f"{bar.name}, {bar.unit}",
                NONE if limit is None else shown(bar, limit),
                NONE if value is None else shown(bar, value),
                "no bar" if limit is None else _verdict(bar, results),
            ]
        )
    return Table("Bars", ["measure", "bar", "measured", ""], rows)


def per_call(results: Results) -> Table:
    """Added nanoseconds of CPU time per event, by tool."""
    rows = [
        [tool, *(_number(figures.get(loop), ".0f") for loop in LOOPS)]
        for tool, figures in results["per_call"].items()
    ]
    title = "Added CPU time, ns (plain: absolute)"
    return Table(title, ["tool", *LOOPS.values()], _plain_first(rows))


def _plain_first(rows: Iterable[list[str]]) -> list[list[str]]:
    return sorted(rows, key=lambda row: row[0] != PLAIN.name)


def programs(results: Results) -> Table:
    """Ratios of CPU time, by tool and program."""
    ratios = results["programs"]
    tools = dict.fromkeys(tool for row in ratios.values() for tool in row)
    rows = []
    for tool in tools:
        mean = NONE if tool == PLAIN.name else _number(mean_added(ratios, tool))
        rows.append([tool, *(_number(row.get(tool)) for row in ratios.values()), mean])
    title = "CPU time of whole programs, of plain Python's (plain: seconds)"
    heads = ["tool", *ratios, "mean of (ratio - 1)"]
    return Table(title, heads, _plain_first(rows))


def startup(results: Results) -> Table:
    """Milliseconds added to an empty script."""
    rows = [
        [tool, _number(figures["wall"], ".1f"), _number(figures["cpu"], ".1f")]
        for tool, figures in results["startup"].items()
    ]
    title = "Added to an empty script, ms (plain: absolute)"
    return Table(title, ["tool", "wall", "CPU"], _plain_first(rows))


NAMES = {
    "deep": "tree node, two functions, 17 deep",
    "wide": "tree node, 20 callees each",
    "event": "recorded event",
}


def memory(results: Results) -> Table:
    """Bytes per node and event."""
    rows = [
        [NAMES[name], _number(found["memory"], ".1f"), _number(found["file"], ".1f")]
        for name, found in results["memory"].items()
    ]
    return Table("Bytes of frametools' data", ["per", "memory", "file"], rows)


DETAILS = {
    "per_call": per_call,
    "programs": programs,
    "startup": startup,
    "memory": memory,
}


def details(results: Results) -> list[Table]:
    """Every table that there are figures for, the bars first."""
    found = [table(results) for part, table in DETAILS.items() if results.get(part)]
    return [bars(results), *found]


def _across(bar: Bar, results: Results) -> str:
    value, limit = bar.measured(results), bar.limit(results)
    if value is None:
        return NONE
    if limit is None:
        return shown(bar, value)
    over = "" if is_met(bar, results) else "over "
    return f"{shown(bar, value)} ({over}bar {limit:g})"


_JUDGED = (
    "What frametools adds to a run; 1 is what cProfile adds. In brackets is the bar\n"
    "that it should not pass:"
)
_COSTS = (
    "The same in plain figures, beside other profilers: CPU time added to each call,\n"
    "and how much longer whole programs take (geometric mean):"
)


def compact(all_results: Sequence[Results]) -> list[Table]:
    """Two tables over all Pythons, for the project's README."""
    heads = [results["python"] for results in all_results]
    judged = [
        [f"{bar.name}, {bar.unit}", *(_across(bar, results) for results in all_results)]
        for bar in BARS
    ]
    tools = dict.fromkeys(tool for results in all_results for tool in _tools(results))
    costs = [
        [tool, *(_costs(tool, results) for results in all_results)]
        for tool in sorted(tools, key=_order)
        if tool != PLAIN.name
    ]
    return [
        Table(
            _JUDGED,
            ["what", *heads],
            judged,
        ),
        Table(
            _COSTS,
            ["tool", *heads],
            costs,
        ),
    ]


def _tools(results: Results) -> list[str]:
    rows = [results.get("per_call", {}), *results.get("programs", {}).values()]
    return [tool for row in rows for tool in row]


def _order(tool: str) -> tuple[bool, bool, str]:
    return (not tool.startswith(DEFAULT.name), tool != CPROFILE.name, tool)


def _costs(tool: str, results: Results) -> str:
    """Such as "45 ns; +38 %"."""
    figures = results.get("per_call", {}).get(tool)
    mean = mean_added(results.get("programs", {}), tool)
    call = "" if figures is None else f"{figures['calls']:.0f} ns"
    whole = "" if mean is None else f"+{100 * mean:.0f} %"
    return "; ".join(filter(None, (call, whole))) or NONE
