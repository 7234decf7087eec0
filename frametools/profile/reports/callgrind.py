"""Callgrind's format, which KCachegrind, QCachegrind and gprof2dot read.

Three costs: CPU and wall time in ns, and calls. Each thread is a function that calls
the outermost ones. A call costs what was spent in the callee where that did not yet
run further out: so what the calls of a function cost adds up to the time in which it
was on the stack, however it recurses. The lines are those where functions begin, for
calls the caller's.
"""

from __future__ import annotations

from frametools._image.layout import ROOT
from frametools._paths import printable
from frametools.calltree.contexts import thread_keys
from frametools.calltree.functions import nesting
from frametools.calltree.times import cumulative
from frametools.profile._names import NAMELESS, Places, distinct_names
from frametools.profile.reports._stacks import busy_threads
from frametools.profile.reports.head import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

_EVENTS = {"CPU": "CPU time (ns)", "Wall": "wall time (ns)", "Calls": "calls"}


class Callgrind:
    """The `callgrind` form."""

    name = "callgrind"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write functions, then calls; `clock` is the first event. O(nodes)."""
        graph = _Graph(tree, options)
        out.write(_head(tree, graph.events))
        out.writelines(_functions(tree, graph))
        for caller, callees in enumerate(graph.edges):
            if callees:
                out.write("".join(_calls(graph, caller, callees)))
        out.write(f"totals: {graph.totals()}\n")


class _Graph:
    """Functions with their costs, and who called whom; threads come after these."""

    def __init__(self, tree: CallTree, options: ReportOptions) -> None:
        times = tree.times(raw=options.raw)
        cpu, wall = (times.self_cpu, times.cum_cpu), (times.self_wall, times.cum_wall)
        calls = tree.calls, cumulative(tree.calls, tree.parent)
        costs = {"CPU": cpu, "Wall": wall, "Calls": calls}
        if options.clock == "wall":
            costs = {"Wall": wall, "CPU": cpu, "Calls": calls}
        self.events = list(costs)
        first = {code: at for at, code in reversed(list(enumerate(tree.codes)))}
        same = [first[code] for code in tree.codes]
        threads = len(tree.codes)
        self.lines = [code.firstlineno for code in tree.codes]
        self.lines += [0] * len(tree.threads)
        self.files = [0] * len(self.lines)
        """The number of the file of each function; 0 for none."""
        function = [0]
        for code, kind in zip(tree.code[1:], tree.kind[1:], strict=True):
            function.append(threads + code if kind == ROOT else same[code])
        self.used = {threads + thread.number for thread in busy_threads(tree)}
        self.own = [[0] * len(self.lines) for _ in costs]
        self.edges: list[dict[int, int]] = [{} for _ in self.lines]
        """For each caller its callees, with their place in `counts` and `costs`."""
        self.counts: list[int] = []
        self.costs: tuple[list[int], ...] = ([], [], [])
        callers = [function[up] for up in tree.parent]
        levels = nesting(tree, function)
        columns = (column for pair in costs.values() for column in pair)
        self._add(zip(callers, function, levels, tree.calls, *columns, strict=True))

    def _add(self, rows: Iterator[tuple[int, ...]]) -> None:
        """Add nodes up; a long loop, as most calls of a big tree come once."""
        counts, edges = self.counts, self.edges
        (one, two, three), (first, second, third) = self.own, self.costs
        for caller, callee, level, calls, own1, cum1, own2, cum2, own3, cum3 in rows:
            if not level:
                continue
            one[callee] += own1
            two[callee] += own2
            three[callee] += own3
            is_outermost = level == 1
            callees = edges[caller]
            at = callees.get(callee)
            if at is None:
                callees[callee] = len(counts)
                counts.append(calls)
                first.append(cum1 if is_outermost else 0)
                second.append(cum2 if is_outermost else 0)
                third.append(cum3 if is_outermost else 0)
                continue
            counts[at] += calls
            if is_outermost:
                first[at] += cum1
                second[at] += cum2
                third[at] += cum3

    def totals(self) -> str:
        """The costs of all functions together."""
        return " ".join(str(sum(column)) for column in self.own)


def _head(tree: CallTree, events: list[str]) -> str:
    from frametools import __version__

    lines = [
        "# callgrind format",
        "version: 1",
        f"creator: frametools {__version__}",
        f"pid: {tree.pid}",
        f"cmd: {command(tree)}",
        "positions: line",
        *(f"event: {event} : {_EVENTS[event]}" for event in events),
        f"events: {' '.join(events)}",
    ]
    return "\n".join(lines) + "\n\n"


def _functions(tree: CallTree, graph: _Graph) -> Iterator[str]:
    """Each function with its own costs; its name and its file get their numbers."""
    called = {callee for callees in graph.edges for callee in callees}
    used = sorted(called | graph.used)
    names = _names(tree)
    numbers: dict[str, int] = {}
    for at in used:
        code = tree.codes[at] if at < len(tree.codes) else None
        path = printable(code.filename) if code else ""
        path = path or NAMELESS
        file = f"({numbers[path]})" if path in numbers else ""
        graph.files[at] = numbers.setdefault(path, len(numbers) + 1)
        costs = " ".join(str(column[at]) for column in graph.own)
        yield (
            f"fl={file or f'({numbers[path]}) {path}'}\n"
            f"fn=({at + 1}) {names[at]}\n{graph.lines[at]} {costs}\n"
        )


def _names(tree: CallTree) -> list[str]:
    """A name for each function, then for each thread."""
    names = distinct_names(tree.codes, Places(tree.info.get("cwd", "")))
    for name, number in thread_keys(tree):
        again = f" #{number}" if number > 1 else ""
        names.append(f"thread {printable(name)}{again}")
    return names


def _calls(graph: _Graph, caller: int, callees: dict[int, int]) -> Iterator[str]:
    lines, files, counts = graph.lines, graph.files, graph.counts
    line, file = lines[caller], files[caller]
    first, second, third = graph.costs
    yield f"\nfl=({file})\nfn=({caller + 1})\n"
    for callee, at in callees.items():
        if files[callee] != file:
            yield f"cfi=({files[callee]})\n"
        yield (
            f"cfn=({callee + 1})\ncalls={counts[at]} {lines[callee]}\n"
            f"{line} {first[at]} {second[at]} {third[at]}\n"
        )


REPORT = Callgrind()
