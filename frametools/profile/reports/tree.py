"""The hot part of the calling-context tree, with percent bars.

Only what carries time is shown: the heaviest calls first, found from the top
without a walk over the whole tree. A run of frames that only pass their time on
becomes one line. So does a recursion: what its levels call hangs below it, merged.
"""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._names import Places
from frametools.profile._sheet import Sheet, cells
from frametools.profile._units import Unit, count, duration
from frametools.profile.reports._hot import Branch, hot_branches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

LINES = 24
SHARE = 0.01
_WALL_SORTS = ("wall", "self-wall", "await")


class Measure:
    """What the tree weighs: cumulative and self times of one clock."""

    __slots__ = ("cumulative", "name", "own", "total")

    def __init__(self, tree: CallTree, options: ReportOptions) -> None:
        times = tree.times(raw=options.raw)
        is_wall = (options.clock or _clock(options.sort)) == "wall"
        self.name = "wall" if is_wall else "CPU"
        self.own: Sequence[int] = times.self_wall if is_wall else times.self_cpu
        self.cumulative: Sequence[int] = times.cum_wall if is_wall else times.cum_cpu
        self.total = sum(self.cumulative[thread.root] for thread in tree.threads)


def _clock(sort: str) -> str:
    return "wall" if sort in _WALL_SORTS else "cpu"


class Tree:
    """The `tree` form."""

    name = "tree"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the hot part; O(lines shown x children of each)."""
        sheet = Sheet(out, options)
        measure = Measure(tree, options)
        if not measure.total:
            sheet.line("no time was spent in any call")
            return
        limit = LINES if options.limit is None else options.limit
        least = SHARE * measure.total
        branches, is_cut = hot_branches(tree, measure.cumulative, limit, least)
        unit = Unit.of(tree)
        raw = ", cost of monitoring not subtracted" if options.raw else ""
        part = f"the heaviest with {SHARE:.0%}" if is_cut else f"{SHARE:.0%}"
        sheet.line(
            f"hot calls by {measure.name}: {part} or more of "
            f"{duration(measure.total)} (times in {unit.name}{raw})"
        )
        _Lines(tree, measure, unit, sheet, branches).write()


class _Lines:
    """Figures on the left, the drawn tree on the right."""

    def __init__(
        self,
        tree: CallTree,
        measure: Measure,
        unit: Unit,
        sheet: Sheet,
        branches: list[Branch],
    ) -> None:
        self.tree = tree
        self.measure = measure
        self.unit = unit
        self.sheet = sheet
        self.branches = branches
        self.places = Places(tree.info.get("cwd", ""))
        self.bar = 10 if sheet.width >= 100 else 5
        self.has_own = sheet.width >= 90

    def write(self) -> None:
        """Write the headings and a line for each branch."""
        figures = [self._figures(branch) for branch in self.branches]
        titles = ["", "cum", "self", "calls"]
        rows = zip(titles, *figures, strict=True)
        widths = [max(map(len, column)) for column in rows]
        if not self.has_own:
            widths[2] = -1
        left = 5 + 1 + self.bar + sum(width + 2 for width in widths if width >= 0) - 2
        heading = self._join(titles, widths, "")
        self.sheet.line(self.sheet.paint(" " * (6 + self.bar) + heading, "bold"))
        room = max(self.sheet.width - left - 2, 16)
        labels = self._labels(room)
        for branch, row, label in zip(self.branches, figures, labels, strict=True):
            self._line(branch, self._join(row, widths, label))

    def _figures(self, branch: Branch) -> tuple[str, str, str, str]:
        if branch.kind == "folded":
            return ("", "", "", "")
        own = sum(self.measure.own[node] for node in branch.nodes)
        calls = sum(self.tree.calls[node] for node in branch.nodes)
        cumulative = self.unit.format(branch.size)
        if branch.kind == "thread":
            return ("", cumulative, "", "")
        return ("", cumulative, self.unit.format(own), count(calls))

    def _join(self, row: Sequence[str], widths: list[int], label: str) -> str:
        figures = (
            text.rjust(width)
            for text, width in zip(row, widths, strict=True)
            if width >= 0
        )
        return "  ".join((*figures, label)).removeprefix("  ")

    def _line(self, branch: Branch, rest: str) -> None:
        if branch.kind == "folded":
            self.sheet.line(" " * (6 + self.bar) + rest)
            return
        share = branch.size / self.measure.total
        colour = "hot" if share >= 0.5 else "warm" if share >= 0.1 else "dim"
        bar = self.sheet.paint(self.sheet.bar(share, self.bar), colour)
        self.sheet.line(f"{share:4.0%} {bar} {rest}")

    def _labels(self, room: int) -> list[str]:
        """Guides and names in one column, places in the next."""
        rows = [self._label(branch, room // 2) for branch in self.branches]
        places = [self._place(branch) for branch in self.branches]
        beside = min(max(map(cells, places), default=0), room * 2 // 5)
        width = min(max(map(cells, rows), default=0), room - beside - 2)
        return [
            self._painted(self.sheet.fit(row, width), width, branch)
            + "  "
            + self._linked(self.sheet.fit_left(place, room - width - 2), branch)
            for row, place, branch in zip(rows, places, self.branches, strict=True)
        ]

    def _place(self, branch: Branch) -> str:
        if branch.kind in ("thread", "import"):
            return ""
        if branch.kind == "call":
            return self.places.place(self.tree.ref(branch.node))
        files = {self.tree.ref(node).filename for node in branch.nodes}
        return self.places.file(files.pop()) if len(files) == 1 else ""

    def _linked(self, place: str, branch: Branch) -> str:
        path = self.tree.ref(branch.node).filename
        return self.sheet.link(self.sheet.paint(place, "dim"), path)

    def _painted(self, text: str, width: int, branch: Branch) -> str:
        colour = "name" if branch.kind == "call" else "dim"
        return self.sheet.paint(self.sheet.pad(text, width), colour)

    def _label(self, branch: Branch, room: int) -> str:
        guides = branch.guides(self.sheet.is_unicode)
        if len(guides) > room:
            guides = self.sheet.ellipsis + guides[len(guides) - room :]
        return guides + self._name(branch)

    def _name(self, branch: Branch) -> str:
        if branch.kind == "import":
            return "import"
        if branch.kind == "thread":
            return printable(self.tree.ref(branch.node).qualname)
        if branch.kind == "folded":
            return f"{self.sheet.ellipsis} {count(len(branch.nodes))} frames"
        name = self.places.name(self.tree.ref(branch.node))
        levels = branch.levels
        return name if levels == 1 else f"{name} ({count(levels)} levels)"


REPORT = Tree()
