"""Two sides compared, function by function: `Comparison`.

The figure of a side is the mean of its runs. What two runs of one side differ by, at
most, is the noise of a figure: a change that is no larger may be chance.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from frametools.calltree import CallTree
from frametools.calltree.matching import match
from frametools.calltree.memory import by_function
from frametools.calltree.merging import Merging
from frametools.profile._processes import with_children

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frametools.calltree import FunctionStats
    from frametools.events import CodeRef

METRICS = ("calls", "self_cpu", "cum_cpu", "self_wall", "cum_wall")
"""Figures of a function, as `FunctionStats` has them; times are ns."""
MEMORY = ("self_memory", "cum_memory")
"""Further ones, where both sides sampled memory: net growth in bytes."""
WHOLE = ("calls", "cpu", "wall")
"""Figures of a run."""
WHOLE_MEMORY = ("memory", "peak")
"""Further ones: by how much the process had grown at last, and its largest size."""
SOURCES = {"rss": "RSS", "allocated": "allocations", "": "none"}
"""What memory was sampled, in words."""
_times_of = attrgetter(*METRICS)
_Nets = dict["CodeRef", tuple[int, int]]


class Change(NamedTuple):
    """One figure on both sides."""

    old: float
    new: float
    noise: float | None
    """Most that runs of one side differ by; None where neither side has two."""

    @property
    def change(self) -> float:
        """The new figure less the old one."""
        return self.new - self.old

    @property
    def percent(self) -> float | None:
        """The change in percent of the old figure; None where that is 0."""
        return 100 * self.change / abs(self.old) if self.old else None

    @property
    def is_noise(self) -> bool:
        """True for a change no larger than that between runs of one side."""
        return self.noise is not None and abs(self.change) <= self.noise


class Row(NamedTuple):
    """A function on both sides."""

    old: CodeRef | None
    """What it was; None for a new one."""
    new: CodeRef | None
    """What it is; None for one that is gone."""
    figures: dict[str, Change]
    """By metric."""

    @property
    def code(self) -> CodeRef:
        """The newest that is known of it."""
        code = self.new or self.old
        assert code is not None
        return code

    @property
    def state(self) -> str:
        """`new`, `gone`, or nothing."""
        if self.old is None:
            return "new"
        return "gone" if self.new is None else ""


class _Spans:
    """The least and the most of each figure over the runs of a side."""

    def __init__(self) -> None:
        self._found: dict[object, tuple[int, list[float], list[float]]] = {}

    def add(self, key: object, values: Sequence[float]) -> None:
        times, least, most = self._found.get(key, (0, list(values), list(values)))
        least = list(map(min, least, values))
        most = list(map(max, most, values))
        self._found[key] = times + 1, least, most

    def widths(self, key: object, runs: int) -> list[float]:
        """Give the most that two runs differ by; a run without it has 0."""
        if key not in self._found:
            return [0.0] * (len(METRICS) + len(MEMORY))
        times, least, most = self._found[key]
        if times < runs:
            least = [min(0, value) for value in least]
            most = [max(0, value) for value in most]
        return [high - low for high, low in zip(most, least, strict=True)]


class Side:
    """The runs of one side, added up; files are read one at a time.

    A run of --subprocesses is all its processes; `alone`, the first of them.
    """

    def __init__(
        self, files: Sequence[str], *, raw: bool = False, alone: bool = False
    ) -> None:
        """Read the files; ImageError and OSError name the one to blame."""
        self.files = list(files)
        self.runs = len(files)
        self._alone = alone
        self._spans, self._whole = _Spans(), _Spans()
        self._sums: list[float] = []
        self.sources: dict[str, None] = {}
        """What memory its runs have: keys of `SOURCES`, in their order."""
        self.tree = self._sum(raw=raw) if self.runs > 1 else self._load(files[0])
        """The sum of the runs."""
        self.functions: dict[CodeRef, FunctionStats] = {
            row.code: row for row in self.tree.functions(raw=raw)
        }
        self._nets = _nets(self.tree)

    def _load(self, path: str) -> CallTree:
        tree = CallTree.load(path)
        tree = tree if self._alone else with_children(tree, path)
        self.sources[tree.memory.source if tree.memory else ""] = None
        totals = _totals(tree)
        self._whole.add(None, totals)
        pairs = zip(self._sums or [0] * len(totals), totals, strict=True)
        self._sums = [one + other for one, other in pairs]
        return tree

    def _sum(self, *, raw: bool) -> CallTree:
        """Add the runs up, and see by how much they differ."""
        merging = Merging(of_files=True)
        for path in self.files:
            tree = self._load(path)
            merging.add(tree)
            nets = _nets(tree)
            for row in tree.functions(raw=raw):
                self._spans.add(row.code, _figures(row, nets))
        return merging.finish()

    @property
    def memory(self) -> str:
        """What memory all of its runs have: a key of `SOURCES`; empty for none."""
        return next(iter(self.sources)) if len(self.sources) == 1 else ""

    def means(self, code: CodeRef | None) -> list[float]:
        """Give the figures of a function in the mean run."""
        row = self.functions.get(code) if code else None
        return [value / self.runs for value in _figures(row, self._nets)]

    def noise(self, code: CodeRef | None) -> list[float] | None:
        """Give the most that runs differ by; None for a single one."""
        return self._spans.widths(code, self.runs) if self.runs > 1 else None

    def whole(self) -> list[float]:
        """Give the figures of the mean run."""
        return [value / self.runs for value in self._sums]

    def noise_of_whole(self) -> list[float] | None:
        """Give the most that runs as a whole differ by; None for a single one."""
        return self._whole.widths(None, self.runs) if self.runs > 1 else None

    @property
    def home(self) -> str:
        """The working directory, where all runs had the same."""
        found = self.tree.info.get("cwd")
        return found if isinstance(found, str) else ""


def _totals(tree: CallTree) -> tuple[float, ...]:
    memory = tree.memory
    sizes = (memory.net, memory.peak) if memory else (0, 0)
    return sum(tree.calls), tree.cpu_ns, tree.wall_ns, *sizes


def _nets(tree: CallTree) -> _Nets:
    """By how many bytes memory grew, in each function itself and in all it called."""
    return {row.code: (row.self_net, row.cum_net) for row in by_function(tree)}


def _figures(row: FunctionStats | None, nets: _Nets) -> tuple[float, ...]:
    if row is None:
        return (0,) * (len(METRICS) + len(MEMORY))
    return *_times_of(row), *nets.get(row.code, (0, 0))


class Comparison:
    """Old and new, with a row per function and the figures of the whole run."""

    def __init__(self, old: Side, new: Side) -> None:
        """Match the functions; O(functions)."""
        self.old, self.new = old, new
        self.memory = old.memory if old.memory == new.memory else ""
        """What memory is compared: a key of `SOURCES`; empty for none."""
        self.metrics = METRICS + (MEMORY if self.memory else ())
        self.became = match(old.functions, new.functions, (old.home, new.home))
        """The new function for each old one that is still there."""
        was = {after: before for before, after in self.became.items()}
        self.rows = [self._row(was.get(code), code) for code in new.functions]
        self.rows += [
            self._row(code, None) for code in old.functions if code not in self.became
        ]
        self.whole = _changes(
            WHOLE + (WHOLE_MEMORY if self.memory else ()),
            (old.whole(), new.whole()),
            (old.noise_of_whole(), new.noise_of_whole()),
        )

    def _row(self, old: CodeRef | None, new: CodeRef | None) -> Row:
        means = self.old.means(old), self.new.means(new)
        noise = self.old.noise(old), self.new.noise(new)
        return Row(old, new, _changes(self.metrics, means, noise))

    @property
    def lacking(self) -> str:
        """Why memory is not compared, in a line; empty where none was sampled."""
        if self.memory or self.old.sources.keys() == self.new.sources.keys() == {""}:
            return ""
        old, new = (
            " or ".join(SOURCES[each] for each in side.sources)
            for side in (self.old, self.new)
        )
        return f"memory is not compared: old has {old}, new has {new}"

    def ranked(self, metric: str) -> list[Row]:
        """Sort by the size of the change, what may be noise last; or by `name`."""
        return sorted(self.rows, key=lambda row: _rank(row, metric))


def _rank(row: Row, metric: str) -> tuple[object, ...]:
    name = row.code[:3]
    if metric == "name":
        return name
    figure = row.figures[metric]
    return (figure.is_noise, -abs(figure.change), *name)


def _changes(
    names: Iterable[str],
    means: tuple[list[float], list[float]],
    noise: tuple[list[float] | None, list[float] | None],
) -> dict[str, Change]:
    known = [each for each in noise if each is not None]
    widest: list[float | None] = [None] * len(means[0])
    if known:
        widest = [max(each) for each in zip(*known, strict=True)]
    columns = zip(names, *means, widest, strict=False)  # memory may not be among names
    return {name: Change(old, new, most) for name, old, new, most in columns}
