"""A comparison for programs: `frametools diff --json`."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TextIO

    from frametools.events import CodeRef
    from frametools.profile.diff.comparison import Change, Comparison, Row, Side

VERSION = 1


def write(comparison: Comparison, out: TextIO, metric: str, limit: int | None) -> None:
    """Write one JSON object, a function per line; ns and bytes, of the mean run."""
    rows = comparison.ranked(metric)
    head = {
        "version": VERSION,
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "memory": comparison.memory or None,
        "whole": _figures(comparison.whole),
    }
    lines = ",\n".join(dumps(_row(row)) for row in rows[:limit])
    out.write(f'{dumps(head)[:-1]}, "functions": [\n{lines}\n]}}\n')


def _side(side: Side) -> dict[str, Any]:
    info = side.tree.info
    return {
        "files": side.files,
        "command": info.get("command"),
        "python": info.get("python"),
        "start_unix_ns": side.tree.start_unix_ns,
        "memory": side.memory or None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "function": row.code.qualname,
        "kind": row.code.kind.name,
        "state": row.state or "both",
        "old": _place(row.old),
        "new": _place(row.new),
        **_figures(row.figures),
    }


def _place(code: CodeRef | None) -> dict[str, Any] | None:
    return code and {"file": code.filename, "line": code.firstlineno}


def _figures(found: dict[str, Change]) -> dict[str, Any]:
    return {
        name: {
            "old": _number(figure.old),
            "new": _number(figure.new),
            "change": _number(figure.change),
            "percent": figure.percent and round(figure.percent, 3),
            "noise": figure.noise,
            "is_noise": figure.is_noise,
        }
        for name, figure in found.items()
    }


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 3)
