"""Callgrind's format, which KCachegrind, QCachegrind and gprof2dot read.

Three costs: CPU and wall time in ns, and calls. Each thread is a function that calls
the outermost ones. A call costs what was spent in the callee where that did not yet
run further out: so what the calls of a function cost adds up to the time in which it
was on the stack, however it recurses. The lines are those where functions begin, for
calls the caller's.
"""

from __future__ import annotations

from itertools import chain, compress, count, islice, repeat
from operator import gt

from frametools._paths import printable
from frametools.calltree.contexts import thread_keys
from frametools.calltree.functions import nesting
from frametools.calltree.times import cumulative, measure
from frametools.profile._names import NAMELESS, Places, distinct_names
from frametools.profile.reports._stacks import batches, busy_threads
from frametools.profile.reports.head import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

_BATCH = 1_000
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
        out.writelines(batches(_calls(graph)))
        out.write(f"totals: {graph.totals()}\n")


class _Graph:
    """Functions with their costs, and who called whom; threads come after these.

    `counts` and `costs` are columns over the nodes.
    """

    def __init__(self, tree: CallTree, options: ReportOptions) -> None:
        times = measure(tree, raw=options.raw)  # columns of our own, to be changed
        cpu, wall = (times.self_cpu, times.cum_cpu), (times.self_wall, times.cum_wall)
        calls = tree.calls, cumulative(tree.calls, tree.parent)
        costs = {"CPU": cpu, "Wall": wall, "Calls": calls}
        if options.clock == "wall":
            costs = {"Wall": wall, "CPU": cpu, "Calls": calls}
        self.events = list(costs)
        self.lines = [code.firstlineno for code in tree.codes]
        self.lines += [0] * (len(tree.threads) + 1)  # the last one is none
        self.files = [0] * len(self.lines)
        """The number of the file of each function; 0 for none."""
        self.functions = _functions_of_nodes(tree)
        threads = len(tree.codes)
        self.used = {threads + thread.number for thread in busy_threads(tree)}
        """Functions that are called, and threads."""
        self.own = [[0] * len(self.lines) for _ in costs]
        self._add_own(*(own for own, _ in costs.values()))
        for column in self.own:
            column[threads:] = [0] * (len(tree.threads) + 1)
        self.counts = list(tree.calls)
        self.costs = [cumulated for _, cumulated in costs.values()]
        self.callers = list(map(self.functions.__getitem__, tree.parent))
        self.is_call = self._join(nesting(tree, self.functions))
        """1 for the nodes that stand for a call."""

    def _add_own(self, *costs: Sequence[int]) -> None:
        first, second, third = self.own
        for function, one, two, three in zip(self.functions, *costs, strict=True):
            first[function] += one
            second[function] += two
            third[function] += three

    def _join(self, levels: list[int]) -> bytearray:
        """Add nodes of the same caller and callee to the first of these.

        Those of a recursion cost nothing more. Most calls of a big tree come once.
        """
        first, second, third = self.costs
        for node in compress(count(), map(gt, levels, repeat(1))):
            first[node] = second[node] = third[node] = 0
        is_call, functions = bytearray(map(bool, levels)), self.functions
        calls: list[dict[int, int]] = [{} for _ in self.lines]
        rows = zip(count(), self.callers, functions, strict=False)
        for node, caller, callee in compress(rows, levels):
            at = calls[caller].setdefault(callee, node)
            if at != node:
                is_call[node] = 0
                for column in (self.counts, first, second, third):
                    column[at] += column[node]
        self.used.update(compress(functions, levels))
        return is_call

    def totals(self) -> str:
        """The costs of all functions together."""
        return " ".join(str(sum(column)) for column in self.own)


def _functions_of_nodes(tree: CallTree) -> list[int]:
    """The number of each node's function: that of the first code that is equal."""
    first = {code: at for at, code in reversed(list(enumerate(tree.codes)))}
    same = [first[code] for code in tree.codes]
    none = len(tree.codes) + len(tree.threads)
    same += [none] * (len(tree.threads) + 1)
    functions = list(map(same.__getitem__, tree.code))
    functions[0] = none
    for thread in tree.threads:
        if thread.root:
            functions[thread.root] = len(tree.codes) + thread.number
    return functions


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
    names = _names(tree)
    numbers: dict[str, int] = {}
    for at in sorted(graph.used):
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


def _calls(graph: _Graph) -> Iterator[str]:
    """The calls of each caller, with the callee's file where that is another.

    They are written in the order of the nodes, thousands at once: their numbers lie
    one behind the other in memory, which takes a third of the time.
    """
    files, lines = graph.files, graph.lines
    here = [f"cfn=({at})\ncalls=%d {line}\n" for at, line in enumerate(lines, 1)]
    there = [f"cfi=({file})\n{name}" for file, name in zip(files, here, strict=True)]
    ends = [f"{line} %d %d %d\n" for line in lines]
    calls: list[list[str]] = [[] for _ in lines]
    pairs = compress(zip(graph.callers, graph.functions, strict=True), graph.is_call)
    costs = compress(zip(graph.counts, *graph.costs, strict=True), graph.is_call)
    while some := list(islice(pairs, _BATCH)):
        forms = [
            (here if files[caller] == files[callee] else there)[callee] + ends[caller]
            for caller, callee in some
        ]
        numbers = tuple(chain.from_iterable(islice(costs, _BATCH)))
        texts = ("\0".join(forms) % numbers).split("\0")
        for (caller, _), text in zip(some, texts, strict=True):
            calls[caller].append(text)
    for caller, texts in enumerate(calls):
        if texts:
            yield f"\nfl=({files[caller]})\nfn=({caller + 1})\n{''.join(texts)}"


REPORT = Callgrind()
