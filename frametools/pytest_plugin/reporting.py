"""How results are shown: with xdist, in another process than they are found.

Everything travels in the report of a test's teardown: `report.frame_leaks` is plain
data, and so are `user_properties` (JUnit) and `sections`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frametools._paths import printable
from frametools._whole_file import Replacing
from frametools.pytest_plugin.judging import KEPT, Entry
from frametools.retention.amounts import format_amount
from frametools.retention.report.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frametools.pytest_plugin.options import Options

TITLE = "kept frames"


def write_into(
    report: pytest.TestReport, entries: list[Entry], options: Options
) -> None:
    """Put what was found into the report of a test's teardown.

    The report fails if any that counts is the test's own, and the mode is `fail`.
    """
    carried: Any = report
    own = [entry for entry in entries if entry.node == report.nodeid]
    _write_own(report, own, options)
    carried.frame_leaks = [entry.to_dict() for entry in entries]


def _write_own(report: Any, own: list[Entry], options: Options) -> None:
    if own:
        report.sections.append((TITLE, "\n".join(map(text_of, own))))
    kept = [entry.leak for entry in own if entry.verdict == KEPT]
    if not kept:
        return
    size = sum(leak.size for leak in kept)
    report.frame_leaks_kept = len(kept)
    report.user_properties += [("frame_leaks", len(kept)), ("frame_leaks_bytes", size)]
    if options.mode == "fail":
        report.outcome = "failed"
        first = sorted(own, key=lambda entry: entry.verdict != KEPT)
        report.longrepr = "\n".join(map(line_of, first))


def line_of(entry: Entry) -> str:
    """Say in one line by whom something is kept, and what.

    The holder comes first: pytest's summary cuts the line at the terminal's width, and
    has the word KEPT and the test before it.
    """
    leak = entry.leak
    word = "" if entry.verdict == KEPT else f"{entry.verdict}  "
    size = f"{'>= ' if leak.is_partial else ''}{format_amount(leak.size)}"
    times = f" in all  x {leak.count:,}" if leak.count > 1 else ""
    held = f"held by {printable(leak.holders[0].path)}  " if leak.holders else ""
    return f"{word}{held}{size}{times}  {place_of(leak.frame)}"


def text_of(entry: Entry) -> str:
    """Say in several lines what is kept, and by whom."""
    from frametools.retention.report.text import describe

    lines = [describe(entry.leak).rstrip()]
    if entry.verdict != KEPT:
        lines.append(f"      does not count: {_REASONS[entry.verdict]}")
    if entry.folded:
        frames = "1 frame" if entry.folded == 1 else f"{entry.folded} frames"
        lines.append(f"      and {frames} of pytest")
    return "\n".join(lines)


_REASONS = {
    "small": "below the minimum",
    "cleared": "its variables are gone",
    "allowed": "allowed by a marker or frame_leaks_ignore",
    "once": "a second run of the test did not leave it: a cache",
}


def _is_superseded(report: Any) -> bool:
    """Tell if pytest-rerunfailures has run the test again after this attempt."""
    return report.outcome == "rerun"  # type: ignore[no-any-return]


class Reporting:
    """Hooks that show what the reports of tests carry."""

    def __init__(self, config: pytest.Config, options: Options) -> None:
        self._config = config
        self._options = options
        self._entries: list[Entry] = []
        self._errors: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> Any:
        """Letter K and word KEPT; a module's end has none: it is no test."""
        if not getattr(report, "frame_leaks_kept", 0) or _is_superseded(report):
            return None
        fails = report.failed
        category = "failed" if fails else KEPT
        if getattr(report, "frame_leaks_node", False):
            return category, "", ""
        return category, "K", ("KEPT", {"red" if fails else "yellow": True})

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather what is carried; what is a module's gets a report of its own."""
        error = getattr(report, "frame_leaks_error", None)
        if error is not None:
            self._errors.append(error)
        carried = getattr(report, "frame_leaks", None)
        if carried is None or _is_superseded(report):
            return
        if report.failed:
            self._count_once(report.nodeid)
        entries = list(map(Entry.from_dict, carried))
        self._entries += entries
        others: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.node != report.nodeid:
                others.setdefault(entry.node, []).append(entry)
        for node, own in others.items():
            self._log_node(node, own, report)

    def _count_once(self, node: str) -> None:
        """Take a test that has failed now off those that have passed."""
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        passed = [] if terminal is None else terminal.stats.get("passed", [])
        # The last of them, unless workers of pytest-xdist report side by side.
        for index in range(len(passed) - 1, -1, -1):
            if passed[index].nodeid == node:
                del passed[index]
                return

    def _log_node(self, node: str, own: list[Entry], after: Any) -> None:
        if all(entry.verdict != KEPT for entry in own):
            return
        report: Any = pytest.TestReport(
            nodeid=node,
            location=(node.partition("::")[0], None, node),
            keywords={},
            outcome="passed",
            longrepr=None,
            when="teardown",
            start=after.stop,
            stop=after.stop,
        )
        report.frame_leaks_node = True
        _write_own(report, own, self._options)
        self._config.hook.pytest_runtest_logreport(report=report)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """List what was found, the largest first."""
        for error in dict.fromkeys(self._errors):
            terminalreporter.section("frame leaks: switched off", yellow=True)
            terminalreporter.line(f"an error of frametools: {error}")
        if not self._entries:
            return
        terminalreporter.section(TITLE)
        for entry in self._sorted():
            if self._options.mode == "fail" and entry.verdict == KEPT:
                text = f"KEPT  {line_of(entry)}  in {entry.node}"
            else:
                text = f"{entry.node}\n{text_of(entry)}"
            for line in text.splitlines():
                terminalreporter.line(line)

    def _sorted(self) -> list[Entry]:
        """Sort: what counts first, then by size."""
        return sorted(self._entries, key=lambda e: (e.verdict != KEPT, -e.leak.size))

    def pytest_sessionfinish(self) -> None:
        """Write the JSON file."""
        if self._options.json is None:
            return
        import json

        text = json.dumps(self._data(self._sorted()), indent=1) + "\n"
        try:
            with Replacing(self._options.json) as partial, open(partial, "wb") as file:
                file.write(text.encode())
        except OSError as error:
            where = self._options.json
            raise pytest.UsageError(
                f"frame-leaks-json: {where}: {error.strerror}"
            ) from None

    def _data(self, entries: Iterable[Entry]) -> dict[str, Any]:
        return {
            "version": 1,
            "mode": self._options.mode,
            "minimum": self._options.minimum,
            "tests": [entry.to_dict() for entry in entries],
        }
