"""What the notes of several files say together: `MergedFacts`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from frametools.calltree.tree import CallTree

    Info = dict[str, Any]

NOTICES = 20
"""Notices kept at most, of those that the files had."""
KEPT_ROWS = 1_000
"""Rows of frames alive at exit kept at most, as in a file of one run."""
_MIXED = "some files have RSS, others allocations: memory is of the first kind only"
_OWN_RULE = frozenset(
    "merged command python peak_rss exit_status notices retention "
    "subinterpreters children children_at run parent".split()
)


class _Rows:
    """Rows of JSON added up: those with equal `key` fields are one."""

    def __init__(self, key: str, sums: str) -> None:
        self._key, self._sums = key.split(), sums.split()
        self._rows: dict[str, Info] = {}

    def add(self, row: Info) -> None:
        key = repr([row.get(name) for name in self._key])
        known = self._rows.get(key)
        if known is None:
            self._rows[key] = dict(row)
            return
        for name in self._sums:
            one, other = known.get(name), row.get(name)
            if isinstance(one, int) and isinstance(other, int):
                known[name] = one + other

    def finish(self) -> list[Info]:
        return list(self._rows.values())


class MergedFacts:
    """INFO and EXCEPTIONS of the files of a merge.

    Facts on which all files agree stay; of several commands the first does. Exceptions
    and frames alive at exit add up by function. Where it is `of_files`, they are
    counted under `merged`: files, those of processes that failed or did not finish,
    and commands.
    """

    def __init__(self, *, of_files: bool) -> None:
        """Begin without any."""
        self._of_files = of_files
        self._info: Info = {}
        self._counts = dict.fromkeys(("files", "unfinished", "failed"), 0)
        self._commands: dict[str, Any] = {}
        self._more_commands = 0
        self._pythons: dict[str, None] = {}
        self._notices: dict[str, None] = {}
        self._memory: dict[str, None] = {}
        """What the files measured; the first is what the sum has."""
        self._peak = 0
        self._only_status: list[Any] = []
        self._exceptions = _Rows(
            "type function filename firstlineno control_flow",
            "raised handled cleared escaped",
        )
        self._kept: _Rows | None = None
        self._left_out = 0
        self._last: dict[str, None] = {}

    def add(self, tree: CallTree) -> None:
        """Take the notes of a file; a damaged one costs itself."""
        info = tree.info
        merged = info.get("merged")
        before = merged if isinstance(merged, dict) else {}
        self._agree(info, is_first=not self._counts["files"])
        self._counts["files"] += _number(before.get("files")) or 1
        unfinished = _number(before.get("unfinished"))
        self._counts["unfinished"] += unfinished or (not tree.is_finished)
        failed = _number(before.get("failed"))
        self._counts["failed"] += failed or bool(info.get("exit_status"))
        self._more_commands += max(0, _number(before.get("commands")) - 1)
        self._names(info)
        self._peak = max(self._peak, _number(info.get("peak_rss")))
        for row in tree.exceptions:
            self._exceptions.add(row)
        self._keep(info.get("retention"))
        if tree.memory is not None:
            self._memory.setdefault(tree.memory.source)

    def _agree(self, info: Info, *, is_first: bool) -> None:
        """Keep the facts that this file has, too."""
        if is_first:
            self._info = {k: v for k, v in info.items() if k not in _OWN_RULE}
        else:
            mine = self._info.items()
            self._info = {k: v for k, v in mine if k in info and info[k] == v}
        if info.get("subinterpreters"):
            self._notices[
                "subinterpreters were used; what ran in them was not seen"
            ] = None
        self._only_status = [info["exit_status"]] if "exit_status" in info else []

    def _names(self, info: Info) -> None:
        if info.get("command"):
            self._commands.setdefault(repr(info["command"]), info["command"])
        if info.get("python"):
            self._pythons[str(info["python"])] = None
        notices = info.get("notices")
        for notice in notices if isinstance(notices, list) else ():
            if len(self._notices) < NOTICES:
                self._notices[str(notice)] = None

    def _keep(self, found: Any) -> None:
        if not isinstance(found, dict) or not isinstance(found.get("rows"), list):
            return
        if self._kept is None:
            self._kept = _Rows("function filename kind held", "frames size is_least")
        for row in found["rows"]:
            if isinstance(row, dict):
                self._kept.add(row)
        self._left_out += _number(found.get("left_out"))
        self._last[str(found.get("last", ""))] = None

    def finish(self) -> tuple[Info, list[Info]]:
        """Give the INFO and the EXCEPTIONS of the sum."""
        info: Info = {}
        if self._commands:
            info["command"] = next(iter(self._commands.values()))
        if self._pythons:
            info["python"] = ", ".join(self._pythons)
        info |= self._info
        if self._peak:
            info["peak_rss"] = self._peak
        if self._counts["files"] == 1 and self._only_status:
            info["exit_status"] = self._only_status[0]
        if len(self._memory) > 1:
            self._notices[_MIXED] = None
        if self._notices:
            info["notices"] = list(self._notices)
        if self._kept is not None:
            info["retention"] = self._kept_rows(self._kept.finish())
        if self._of_files:
            commands = len(self._commands) + self._more_commands
            info["merged"] = {**self._counts, "commands": commands}
        return info, self._exceptions.finish()

    def _kept_rows(self, rows: list[Info]) -> Info:
        rows.sort(key=lambda row: -_number(row.get("size")))
        for row in rows:
            row["is_least"] = bool(row.get("is_least"))
        left_out = self._left_out + len(rows[KEPT_ROWS:])
        last = next(iter(self._last)) if len(self._last) == 1 else ""
        return {"rows": rows[:KEPT_ROWS], "left_out": left_out, "last": last}


def _number(value: object) -> int:
    """A count of a note; 0 for what is none."""
    return value if isinstance(value, int) and value > 0 else 0
