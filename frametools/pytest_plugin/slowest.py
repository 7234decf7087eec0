"""The slowest tests of a run with --frame-profile; also on xdist's controller."""

from __future__ import annotations

import os
from typing import Any

from frametools._paths import printable

ROWS = 10
_TITLES = "wall ms", "CPU ms", "calls"


class Slowest:
    """Gathers what the reports of tests carry, and shows it in the end."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._tests: dict[str, dict[str, Any]] = {}
        """By the id of the test: of one that runs again the last."""
        self._problems: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather."""
        found = getattr(report, "frame_profile", None)
        if found is not None:
            self._tests[report.nodeid] = found
        problem = getattr(report, "frame_profile_problem", "")
        if problem:
            self._problems[report.nodeid] = problem

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """List the slowest, and where the data are."""
        if not self._tests and not self._problems:
            return
        tests = sorted(self._tests.items(), key=lambda each: -each[1]["wall"])
        shown = tests[:ROWS]
        part = f"{len(shown)} of {len(tests)}" if len(shown) < len(tests) else "all"
        terminalreporter.section(f"slowest tests, {part} that were profiled")
        for line in table(shown):
            terminalreporter.line(line)
        if shown:
            folder = os.path.relpath(self._folder)
            path = os.path.join(folder, shown[0][1]["file"])
            terminalreporter.line(f"the first in full: frametools report '{path}'")
        for problem in dict.fromkeys(self._problems.values()):
            number = list(self._problems.values()).count(problem)
            tests_ = "1 test" if number == 1 else f"{number:,} tests"
            terminalreporter.line(f"{tests_} not profiled to the end: {problem}")


def table(tests: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """A line for each test: its figures, its id, and where most of the time went."""
    if not tests:
        return []
    rows = [
        (
            f"{each['wall'] / 1e6:,.2f}",
            f"{each['cpu'] / 1e6:,.2f}",
            f"{each['calls']:,}",
        )
        for _, each in tests
    ]
    widths = [max(map(len, column)) for column in zip(_TITLES, *rows, strict=True)]
    lines = [_line(_TITLES, widths, "test")]
    for row, (nodeid, each) in zip(rows, tests, strict=True):
        lines.append(_line(row, widths, printable(nodeid) + _hottest(each)))
    return lines


def _line(cells: tuple[str, ...], widths: list[int], rest: str) -> str:
    figures = (text.rjust(width) for text, width in zip(cells, widths, strict=True))
    return f"{'  '.join(figures)}  {rest}"


def _hottest(each: dict[str, Any]) -> str:
    if not each["hot"] or not each["wall"]:
        return ""
    share = min(each["hot_wall"] / each["wall"], 1)
    return f"  ({share:.0%} in {printable(each['hot'])})"
