"""The hot part of the calling-context tree, with percent bars.

Only what carries time is shown: the heaviest calls first, found from the top
without a walk over the whole tree. A run of frames that only pass their time on
becomes one line. So does a recursion: what its levels call hangs below it, merged.
"""

from __future__ import annotations

from frametools._paths import printable
from frametools.profile._columns import Column, is_own
from frametools.profile._names import Places
from frametools.profile._sheet import sheet_for
from frametools.profile._units import Unit, count, duration
from frametools.profile.reports._hot import Branch, hot_branches
from frametools.profile.reports.head import again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions
    from frametools.profile._sheet import Sheet

LINES = 24
SHARE = 0.01
_WALL_SORTS = ("wall", "self-wall", "await")


class Measure:
    """What the tree weighs: cumulative and self times of one clock."""

    __slots__ = ("cumulative", "name", "own", "total")

    def __init__(self, tree: CallTree, options: ReportOptions) -> None:
        times = tree.times(raw=options.raw)
        by_wall = is_wall(options)
        self.name = "wall" if by_wall else "CPU"
        self.own: Sequence[int] = times.self_wall if by_wall else times.self_cpu
        self.cumulative: Sequence[int] = times.cum_wall if by_wall else times.cum_cpu
        self.total = sum(self.cumulative[thread.root] for thread in tree.threads)


def is_wall(options: ReportOptions) -> bool:
    """True where wall time is weighed: chosen, or that of the order asked for."""
    if options.clock:
        return options.clock == "wall"
    return options.sort in _WALL_SORTS


class Tree:
    """The `tree` form."""

    name = "tree"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the hot part; O(lines shown x children of each)."""
        sheet = sheet_for(out, options)
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
        sheet.title(
            f"hot calls by {measure.name}: {part} or more of "
            f"{duration(measure.total)} (times in {unit.name}{raw})"
        )
        if branches:
            lines = _Lines(tree, measure, unit, sheet, branches)
            sheet.grid(lines.columns(), indent=0)
        if is_cut:
            sheet.line(_rest(limit, options))


def _rest(limit: int, options: ReportOptions) -> str:
    """Say that the tree is not whole, and how to see more of it."""
    words = f"-f tree --limit {max(2 * limit, LINES)}"
    if is_wall(options):
        words += " --clock wall"
    if options.by != "thread":
        words += f" --by {options.by}"
    command = f": {again(options.data, words)}" if options.data else ""
    return f"  and more calls with {SHARE:.0%} or more{command}"


class _Lines:
    """Figures on the left, the drawn tree on the right: a line for each branch."""

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

    def columns(self) -> list[Column]:
        """Share, bar and figures; then the drawn tree, and where its calls are."""
        paths = [self.tree.ref(branch.node).filename for branch in self.branches]
        heats = [self._heat(branch) for branch in self.branches]
        rows = [self._figures(branch) for branch in self.branches]
        figures = [
            Column(title, (row[at] for row in rows))
            for at, title in enumerate(("cum", "self", "calls"))
        ]
        if self.sheet.width < 60:
            del figures[2]
        if self.sheet.width < 90:
            del figures[1]
        return [
            Column("", map(self._bar, self.branches), style=heats, is_left=True),
            *figures,
            Column(
                "",
                map(self._name, self.branches),
                style=list(map(_style, self.branches, paths)),
                cut="end",
                guides=[self._guides(branch) for branch in self.branches],
            ),
            Column(
                "",
                map(self._place, self.branches),
                style="faint",
                cut="start",
                paths=paths,
            ),
        ]

    def _bar(self, branch: Branch) -> str:
        if branch.kind == "folded":
            return ""
        share = branch.size / self.measure.total
        return f"{share:4.0%} {self.sheet.bar(share, self.bar)}"

    def _own(self, branch: Branch) -> int:
        return sum(self.measure.own[node] for node in branch.nodes)

    def _heat(self, branch: Branch) -> str:
        """What took the time itself is hot, not what called it."""
        share = self._own(branch) / self.measure.total
        return "hot" if share >= 0.2 else "warm" if share >= 0.05 else "faint"

    def _figures(self, branch: Branch) -> tuple[str, str, str]:
        if branch.kind == "folded":
            return ("", "", "")
        calls = sum(self.tree.calls[node] for node in branch.nodes)
        cumulative = self.unit.format(branch.size)
        if branch.kind == "thread":
            return (cumulative, "", "")
        return (cumulative, self.unit.format(self._own(branch)), count(calls))

    def _guides(self, branch: Branch) -> str:
        """The lines that lead to a call: where it is very deep, the last of them."""
        guides = branch.guides(self.sheet.is_unicode)
        most = self.sheet.width // 4
        if len(guides) <= most:
            return guides
        return self.sheet.ellipsis + guides[len(guides) - most :]

    def _place(self, branch: Branch) -> str:
        if branch.kind in ("thread", "import"):
            return ""
        if branch.kind == "call":
            return self.places.place(self.tree.ref(branch.node))
        files = {self.tree.ref(node).filename for node in branch.nodes}
        return self.places.file(files.pop()) if len(files) == 1 else ""

    def _name(self, branch: Branch) -> str:
        if branch.kind == "import":
            return "import"
        if branch.kind == "thread":
            return printable(self.tree.ref(branch.node).qualname)
        if branch.kind == "folded":
            return f"{self.sheet.ellipsis} {count(len(branch.nodes))} frames"
        name = self.places.name(self.tree.ref(branch.node))
        task = self.tree.task_names.get(self.tree.code[branch.node])
        if task:
            name += printable(f' "{task}"')
        levels = branch.levels
        return name if levels == 1 else f"{name} ({count(levels)} levels)"


def _style(branch: Branch, path: str) -> str:
    if branch.kind == "call":
        return "own" if is_own(path) else ""
    return "title" if branch.kind == "thread" else "faint"


REPORT = Tree()
