"""What the page is given: facts and names as JSON, then columns as bytes.

    u32 length of the JSON (little-endian), the JSON, then for each of its `columns`
    the planes: all lowest bytes, all second ones, ...; those above the last that has
    anything are left out. `parent` stands there as distance from the node to it.

Planes deflate to a third of what the numbers themselves do, and are cut in C.
"""

from __future__ import annotations

import sys
from array import array
from json import dumps
from operator import sub

from frametools._paths import is_installed, is_standard, printable
from frametools.events import CodeKind
from frametools.profile._names import Places
from frametools.profile.page import _bytes
from frametools.profile.page._sources import sources
from frametools.profile.page._strip import strips
from frametools.profile.reports.head import command
from frametools.profile.reports.notices import notices
from frametools.profile.reports.retention import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions

COLUMNS = tuple(
    "calls resumes throws yields unwinds wall off awaited code node_flags".split()
)
OLD_COLUMNS = tuple("calls resumes throws wall off awaited".split())
"""Those that a comparison has of the old side too, named `was_calls` and so on."""
_SORTS = {
    "self": "cpu-self",
    "cum": "cpu",
    "self-wall": "wall-self",
    "self-memory": "memory-self",
    "memory": "memory",
    **{key: key for key in ("calls", "wall", "await", "depth", "name")},
}
"""Columns of the page's table by the keys of `--sort`."""
_PROGRAM, _INSTALLED, _STANDARD, _NO_FILE = range(4)


class Before:
    """What a page of a comparison has beside: the old tree, on the same nodes."""

    __slots__ = ("facts", "tree")

    def __init__(self, tree: CallTree, facts: dict[str, Any]) -> None:
        self.tree = tree
        self.facts = facts
        """Of both sides, as JSON; `state` tells which functions are new or gone."""


def payload(
    tree: CallTree, options: ReportOptions, before: Before | None = None
) -> bytes:
    """Give the bytes; O(nodes), or O(nodes + events) where events were recorded."""
    names, index = _functions(tree)
    named = _names(tree, names)
    distances = array("I", map(sub, range(len(tree.parent)), tree.parent))
    planes = [("parent", _planes(distances))]
    planes += [(name, _planes(getattr(tree, name))) for name in COLUMNS]
    if before:
        olds = ((name, getattr(before.tree, name)) for name in OLD_COLUMNS)
        planes += [(f"was_{name}", _planes(column)) for name, column in olds]
    elif named["alive"]:
        kept = _bytes.kept(tree, index, named["alive"]["rows"])
        planes.append(("kept", _planes(kept)))
    facts = {
        **_facts(tree, options),
        "size": len(tree.parent),
        "columns": [[name, len(found)] for name, found in planes],
        "same": index,
        **named,
        "memory": _memory(tree, before),
        "tasks": _tasks(tree),
        "sources": _sources(tree, names, index, before) if options.source else {},
        "strips": strips(tree, options.data),
        "was": before and before.facts,
    }
    head = dumps(facts, separators=(",", ":")).encode()
    length = len(head).to_bytes(4, "little")
    return b"".join((length, head, *(p for _, found in planes for p in found)))


def _memory(tree: CallTree, before: Before | None) -> dict[str, Any] | None:
    """Give what was sampled; of a comparison, if it was on both sides."""
    is_wanted = before is None or before.facts["memory"]
    return _bytes.memory(tree) if is_wanted else None


def _sources(
    tree: CallTree, names: list[CodeRef], index: list[int], before: Before | None
) -> dict[int, dict[str, Any]]:
    """Give source lines; of what is gone, other code stands there now."""
    found = sources(tree, names, index)
    state = before.facts["state"] if before else [""] * len(names)
    return {at: lines for at, lines in found.items() if state[at] != "gone"}


def _planes(column: array[int]) -> list[bytes]:
    """Cut a column into its bytes of equal weight, the lowest first."""
    data, size = column.tobytes(), column.itemsize
    order = range(size) if sys.byteorder == "little" else range(size)[::-1]
    planes = [data[at::size] for at in order]
    while planes and planes[-1].count(0) == len(planes[-1]):
        del planes[-1]
    return planes


def _functions(tree: CallTree) -> tuple[list[CodeRef], list[int]]:
    """Each function once, and which of them each code is."""
    known: dict[CodeRef, int] = {}
    index = [known.setdefault(code, len(known)) for code in tree.codes]
    return list(known), index


def _names(tree: CallTree, functions: list[CodeRef]) -> dict[str, Any]:
    places = Places(_text(tree.info.get("cwd", "")))
    files: dict[str, int] = {}
    return {
        "names": [places.name(code) for code in functions],
        "file": [files.setdefault(c.filename, len(files)) for c in functions],
        "line": [code.firstlineno for code in functions],
        "is_c": [int(code.kind is CodeKind.C_FUNCTION) for code in functions],
        "files": [[places.file(path), _whose(path)] for path in files],
        "task_names": {at: printable(name) for at, name in tree.task_names.items()},
        "threads": [printable(thread.name) for thread in tree.threads],
        "alive": _alive(tree, places, functions),
    }


def _tasks(tree: CallTree) -> dict[str, Any] | None:
    """Give the kinds of tasks, and the nodes at which those of each begin."""
    tasks = tree.tasks()
    if not tasks.kinds:
        return None
    places = Places(_text(tree.info.get("cwd", "")))
    of_node = tasks.of_node
    return {
        "labels": [printable(kind.title) for kind in tasks.kinds],
        "places": [
            places.place(kind.code) if kind.code else "" for kind in tasks.kinds
        ],
        "counts": [kind.tasks for kind in tasks.kinds],
        "steps": [kind.steps for kind in tasks.kinds],
        "kinds": [kind.kinds for kind in tasks.kinds],
        "begins": tasks.begins,
        "of": [of_node[node] for node in tasks.begins],
    }


def _whose(path: str) -> int:
    if not path:
        return _NO_FILE
    if is_installed(path):
        return _INSTALLED
    return _STANDARD if is_standard(path) else _PROGRAM


def _facts(tree: CallTree, options: ReportOptions) -> dict[str, Any]:
    from frametools import __version__

    info = tree.info
    peak, status = info.get("peak_rss"), info.get("exit_status")
    return {
        "frametools": __version__,
        "command": command(tree),
        "python": _text(info.get("python", "")),
        "platform": _text(info.get("platform", "")),
        "exit_status": status if isinstance(status, int) else None,
        "peak_rss": peak if isinstance(peak, int) else None,
        "started_ms": tree.start_unix_ns // 1_000_000,
        "wall_ns": tree.wall_ns,
        "cpu_ns": tree.cpu_ns,
        "raw": options.raw,
        "clock": options.clock,
        "by": options.by,
        "sort": _SORTS[options.sort],
        "limit": options.limit,
        "costs": list(tree.costs),
        "notices": [printable(notice) for notice in notices(tree)],
    }


def _text(found: object) -> str:
    return printable(found) if isinstance(found, str) else ""


def _alive(
    tree: CallTree, places: Places, functions: list[CodeRef]
) -> dict[str, Any] | None:
    """What --retention found: the frames alive at exit, by function."""
    found = checked(tree.info.get("retention"))
    if found is None:
        return None
    known = _bytes.by_name(functions)
    rows = [
        {
            **row,
            "fn": _bytes.function_of(known, row),
            "function": printable(row["function"]).replace(".<locals>.", "."),
            "filename": places.file(row["filename"]),
            "kind": printable(row["kind"]),
            "held": printable(row["held"]),
        }
        for row in found["rows"]
    ]
    return {**found, "rows": rows, "last": printable(found["last"])}
