"""A comparison as a page: profile/page, with the old figures beside the new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._paths import printable
from frametools.calltree.contexts import Contexts
from frametools.calltree.merging import Merging
from frametools.profile._names import Places
from frametools.profile.page._assemble import assemble
from frametools.profile.page._bytes import memory
from frametools.profile.page._payload import Before, payload
from frametools.profile.reports.head import command_line
from frametools.profile.reports.notices import notices

if TYPE_CHECKING:
    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions
    from frametools.profile.diff.comparison import Comparison, Row, Side

_NAMES = {
    "calls": "calls",
    "self_cpu": "cpu-self",
    "cum_cpu": "cpu",
    "self_wall": "wall-self",
    "cum_wall": "wall",
    "self_memory": "memory-self",
    "cum_memory": "memory",
}
"""What the page calls the metrics."""


def page(comparison: Comparison, options: ReportOptions) -> str:
    """Make the document; O(nodes of both sides)."""
    new, old = _common(comparison)
    before = Before(old, _facts(comparison, old))
    return assemble(_title(comparison), payload(new, options, before))


def _title(comparison: Comparison) -> str:
    commands = [command_line(side.tree) for side in (comparison.old, comparison.new)]
    return " → ".join(dict.fromkeys(commands))


def _common(comparison: Comparison) -> tuple[CallTree, CallTree]:
    """Give both sides the same nodes; a function has the newest name it is known by."""
    contexts = Contexts()
    new, old = Merging(contexts), Merging(contexts)
    new.add(comparison.new.tree)
    old.add(comparison.old.tree, comparison.became)
    return new.finish(), old.finish()


def _facts(comparison: Comparison, old: CallTree) -> dict[str, Any]:
    """Give what the page is told of the comparison; of functions by number.

    The codes of the `old` tree are those of the new one. Its memory is there, if that
    is compared, and the peaks of both sides.
    """
    rows = {row.code: row for row in comparison.rows}
    ordered = [rows.get(code) for code in old.codes]
    peak = comparison.whole.get("peak")
    homes = Places(comparison.old.home), Places(comparison.new.home)
    return {
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "state": [row.state if row else "" for row in ordered],
        "place": [_old_place(row, homes) if row else "" for row in ordered],
        "noise": _noise(comparison, ordered),
        "memory": memory(old) if comparison.memory else None,
        "peaks": peak and peak[:2],
        "lacking": comparison.lacking,
    }


def _side(side: Side) -> dict[str, Any]:
    python = side.tree.info.get("python")
    return {
        "runs": side.runs,
        "file": printable(side.files[0]),
        "command": command_line(side.tree),
        "python": printable(python) if isinstance(python, str) else "",
        "wall_ns": side.tree.wall_ns,
        "cpu_ns": side.tree.cpu_ns,
        "costs": list(side.tree.costs),
        "notices": [printable(notice) for notice in notices(side.tree)],
    }


def _old_place(row: Row, homes: tuple[Places, Places]) -> str:
    """Where a function was, if that was another file, or it is gone."""
    old, new = homes
    if row.old is None:
        return ""
    if row.new is None:
        return old.place(row.old)
    is_same = old.file(row.old.filename) == new.file(row.new.filename)
    return "" if is_same else old.place(row.old)


def _noise(
    comparison: Comparison, rows: list[Row | None]
) -> dict[str, list[float]] | None:
    if comparison.old.runs == comparison.new.runs == 1:
        return None
    return {
        name: [(row.figures[metric].noise or 0) if row else 0 for row in rows]
        for metric, name in _NAMES.items()
        if metric in comparison.metrics
    }
