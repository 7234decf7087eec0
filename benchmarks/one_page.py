"""What a benchmark of one page is made of: bars, kept figures, the command."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from costs import fill, machine, rounded
from measure import HERE
from tables import Table

Figures = dict[str, Any]
"""Of one Python: {"python": "3.13.0", "machine": ..., ...}."""


class Bar(NamedTuple):
    """A limit, and where the figure stands."""

    name: str
    limit: float
    form: str
    measured: Callable[[Figures], float]
    is_least: bool = False

    def row(self, figures: Figures) -> list[str]:
        """What it is, the limit, the figure, and whether it is within."""
        shown = format(self.measured(figures), self.form)
        value = float(shown)
        is_met = value >= self.limit if self.is_least else value <= self.limit
        limit = f"at {'least' if self.is_least else 'most'} {self.limit:g}"
        return [self.name, limit, shown, "met" if is_met else "NOT MET"]


def table_of(bars: Sequence[Bar], figures: Figures) -> Table:
    """Each bar, the figure, and whether it is met."""
    title = f"Python {figures['python']}, {figures['machine']}, {figures['date']}"
    title += "; a quick run" if figures["is_quick"] else ""
    heads = ["measure", "bar", "measured", ""]
    return Table(title, heads, [bar.row(figures) for bar in bars])


def run(
    name: str,
    about: str | None,
    measure: Callable[[bool], Figures],
    tables: Callable[[Figures], list[Table]],
) -> None:
    """Measure, print, and keep or publish what was asked for.

    `measure` is told if it shall be quick. `name` is that of the folder of results and
    of the marks in the README.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for flag in ("--quick", "--save", "--write-readme"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    figures = {
        "python": platform.python_version(),
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "is_quick": options.quick,
        **measure(options.quick),
    }
    print("\n\n".join(table.text() for table in tables(figures)))
    if options.save or options.write_readme:
        _keep(name, figures)
    if options.write_readme:
        _write_readme(name, tables)


def _keep(name: str, figures: Figures) -> None:
    kept = HERE / "results" / name
    kept.mkdir(exist_ok=True)
    major, minor = sys.version_info[:2]
    text = json.dumps(rounded(figures), indent=1)
    (kept / f"{major}.{minor}.json").write_text(text + "\n")


def _write_readme(name: str, tables: Callable[[Figures], list[Table]]) -> None:
    """Fill the tables from all kept figures."""
    kept = sorted((HERE / "results" / name).glob("*.json"))
    found = [table for path in kept for table in tables(json.loads(path.read_text()))]
    text = "\n\n".join(table.markdown() for table in found)
    fill(HERE / "README.md", text, name)
