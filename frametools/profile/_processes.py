"""The processes of a `--subprocesses` run: found by their data files, and merged.

    out.frames              the first process
    out.1234.frames         a child of it, forked or started anew
    out.1234.1235.frames    a forked child of that

The name of a run (INFO `run`) is in each file of it: those of an earlier run that
had the same name, and still lie there, are left alone.
"""

from __future__ import annotations

import os
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from frametools.calltree import CallTree

_STARTERS = {
    ("Popen._execute_child", "subprocess.py"),
    ("spawnv_passfds", "util.py"),  # of multiprocessing
}
"""Functions of the standard library, each call of which starts a program."""


def with_children(tree: CallTree, path: str) -> CallTree:
    """Merge the tree of a run's first process with those of its children.

    O(nodes) of all; no two children are in memory at once. INFO gets `processes`, a
    row for each (see `_row`), and `not_followed`: programs started that were no Python
    that could be followed. A tree of another kind of run, a child's, or one merged
    before, comes back as it is.
    """
    run = tree.info.get("run")
    is_childs = "parent" in tree.info or tree.parent_pid
    if not isinstance(run, str) or is_childs or "processes" in tree.info:
        return tree
    from frametools.calltree.merging import Merging

    merging, rows, started, looked = Merging(), [], 0, 0
    for each, file in chain([(tree, path)], _children(run, path, tree.start_unix_ns)):
        merging.add(each)
        rows.append(_row(each, file))
        started += _started(each)
        looked += isinstance(each.info.get("retention"), dict)
    merged = merging.finish()
    merged.has_events = False  # they are in the files, each with its own nodes
    # From the first start to the last end: processes run beside one another.
    began = merged.start_unix_ns = min(row["began"] for row in rows)
    merged.wall_ns = max(row["began"] + row["wall"] for row in rows) - began
    pids = {row["pid"] for row in rows}
    known = sum(not row["is_forked"] and row["parent"] in pids for row in rows[1:])
    merged.info = {
        **tree.info,
        "peak_rss": merged.info.get("peak_rss"),  # of the largest
        **_alive(merged.info.get("retention"), looked),
        "processes": rows,
        "not_followed": max(0, started - known),
    }
    return merged


def _alive(found: Any, looked: int) -> dict[str, Any]:
    """Give the frames alive at exit of all processes, and in how many was looked."""
    return {"retention": {**found, "processes": looked}} if looked else {}


_TYPES = {
    "pid": int,
    "parent": int,
    "is_forked": bool,
    "is_finished": bool,
    "command": list,
    "file": str,
    "began": int,
    "calls": int,
    "wall": int,
    "cpu": int,
}


def processes(tree: CallTree) -> list[dict[str, Any]]:
    """Give the rows of a merged tree; none for that of one process, or if damaged."""
    rows = tree.info.get("processes")
    is_right = isinstance(rows, list) and all(map(_is_row, rows))
    return rows if is_right and rows is not None else []


def _is_row(row: object) -> bool:
    return (
        isinstance(row, dict)
        and all(isinstance(row.get(name), kind) for name, kind in _TYPES.items())
        and all(isinstance(word, str) for word in row["command"])
    )


def _row(tree: CallTree, path: str) -> dict[str, Any]:
    """What a reader wants to know of a process; times are ns."""
    return {
        "pid": tree.pid,
        "parent": tree.parent_pid or tree.info.get("parent", 0),
        "is_forked": bool(tree.parent_pid),
        "is_finished": tree.is_finished or _has_done_its_work(tree),
        "command": [str(word) for word in tree.info.get("command") or ["?"]],
        "file": os.path.basename(path),
        "began": tree.start_unix_ns,
        "calls": sum(tree.calls),
        "wall": tree.wall_ns,
        "cpu": tree.cpu_ns,
    }


def _has_done_its_work(tree: CallTree) -> bool:
    """True for a forked child of multiprocessing that came to the end of its own.

    Then Popen._launch ends it, by os._exit, and nothing is missing in its data.
    """
    return any(
        calls and calls == left
        for at, calls, left in zip(tree.code, tree.calls, tree.returns, strict=True)
        if tree.codes[at].qualname == "BaseProcess._bootstrap"
        and os.path.basename(tree.codes[at].filename) == "process.py"
    )


def _started(tree: CallTree) -> int:
    """Count the programs that a process started by the standard library."""
    wanted = {
        at
        for at, code in enumerate(tree.codes)
        if (code.qualname, os.path.basename(code.filename)) in _STARTERS
    }
    if not wanted:
        return 0
    columns = zip(tree.code, tree.kind, tree.calls, strict=True)
    return sum(calls for code, kind, calls in columns if not kind and code in wanted)


def _children(run: str, path: str, since: int) -> Iterator[tuple[CallTree, str]]:
    """Load the trees of a run but its first, by name; what is damaged is left."""
    from frametools._image import ImageError
    from frametools.calltree import CallTree

    for file in sorted(_beside(path)):
        try:
            if os.stat(file).st_mtime_ns + 1_000_000_000 < since:
                continue  # of an earlier run: not even opened
            tree = CallTree.load(file)
        except (ImageError, OSError):
            continue
        if tree.info.get("run") == run:
            yield tree, file


def _beside(path: str) -> list[str]:
    """List the files that are named after the first one's, with numbers added."""
    folder, name = os.path.split(path)
    root, extension = os.path.splitext(name)
    found = []
    for other in os.listdir(folder or "."):
        if other.startswith(f"{root}.") and other.endswith(extension):
            middle = other[len(root) + 1 : len(other) - len(extension)]
            if all(part.isdecimal() for part in middle.split(".")):
                found.append(os.path.join(folder, other))
    return found
