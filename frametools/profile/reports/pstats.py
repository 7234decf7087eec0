"""A dump that `pstats.Stats` reads, and so gprof2dot, snakeviz and others.

Keys and order are cProfile's own (Lib/cProfile.py, `snapshot_stats`): a function
is (file, line, name), a C function ("~", 0, "<built-in method ...>"); a function
holds (primitive calls, calls, self, cumulative, callers), a caller (calls,
primitive calls, self, cumulative), times in seconds.
"""

from __future__ import annotations

import builtins
import marshal

from frametools.events import CodeKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions

    Key = tuple[str, int, str]
    Figures = list[float]
    """Calls, primitive calls, self and cumulative seconds."""


def key(code: CodeRef) -> Key:
    """Name a function as cProfile does."""
    if code.kind is CodeKind.C_FUNCTION:
        return ("~", 0, _c_name(code.qualname))
    return (code.filename, code.firstlineno, code.qualname.rpartition(".")[2])


def _c_name(qualname: str) -> str:
    """`list.append` as a method, `builtins.len` and others as functions."""
    owner, dot, name = qualname.rpartition(".")
    if dot and isinstance(getattr(builtins, owner, None), type):
        return f"<method '{name}' of '{owner}' objects>"
    return f"<built-in method {qualname}>"


class _Edges:
    """Caller-callee pairs, summed over one walk that knows the stack."""

    __slots__ = ("_open", "pairs")

    def __init__(self) -> None:
        self._open: dict[tuple[Key, Key], int] = {}
        self.pairs: dict[Key, dict[Key, Figures]] = {}

    def enter(self, caller: Key, callee: Key, figures: Figures) -> None:
        """Add a node; its cumulative time counts for the outermost only."""
        pair = (caller, callee)
        depth = self._open.get(pair, 0)
        self._open[pair] = depth + 1
        callers = self.pairs.setdefault(callee, {})
        total = callers.setdefault(caller, [0, 0, 0.0, 0.0])
        calls, self_time, cumulative = figures
        total[0] += calls
        total[2] += self_time
        if not depth:
            total[1] += calls
            total[3] += cumulative

    def leave(self, caller: Key, callee: Key) -> None:
        """Go back up to the caller."""
        self._open[caller, callee] -= 1


def _edges(tree: CallTree, options: ReportOptions) -> dict[Key, dict[Key, Figures]]:
    """Walk each thread without recursion; O(nodes)."""
    times = tree.times(raw=options.raw)
    is_cpu = options.clock == "cpu"
    own = times.self_cpu if is_cpu else times.self_wall
    cumulative = times.cum_cpu if is_cpu else times.cum_wall
    keys = [key(code) for code in tree.codes]
    edges = _Edges()
    code, parent, calls = tree.code, tree.parent, tree.calls
    roots = {thread.root for thread in tree.threads}
    stack = [node for root in roots if root for node in tree.children(root)]
    while stack:
        node = stack.pop()
        up = parent[abs(node)]
        if up not in roots:
            pair = keys[code[up]], keys[code[abs(node)]]
            if node < 0:
                edges.leave(*pair)
            else:
                figures = [calls[node], own[node] / 1e9, cumulative[node] / 1e9]
                edges.enter(*pair, figures)
        if node > 0:
            stack.append(-node)
            stack.extend(tree.children(node))
    return edges.pairs


class Pstats:
    """The `pstats` form."""

    name = "pstats"
    is_binary = True

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the dump to `out.buffer`; wall times unless `clock` is cpu."""
        out.flush()
        out.buffer.write(marshal.dumps(statistics(tree, options)))


def statistics(
    tree: CallTree, options: ReportOptions
) -> dict[Key, tuple[float, float, float, float, dict[Key, tuple[float, ...]]]]:
    """The dictionary that `pstats.Stats.stats` holds."""
    pairs = _edges(tree, options)
    totals: dict[Key, Figures] = {}
    is_cpu = options.clock == "cpu"
    for row in tree.functions(raw=options.raw):
        total = totals.setdefault(key(row.code), [0, 0, 0.0, 0.0])
        total[0] += row.primitive_calls
        total[1] += row.calls
        total[2] += (row.self_cpu if is_cpu else row.self_wall) / 1e9
        total[3] += (row.cum_cpu if is_cpu else row.cum_wall) / 1e9
    return {
        name: (
            int(total[0]),
            int(total[1]),
            total[2],
            total[3],
            {caller: tuple(sums) for caller, sums in pairs.get(name, {}).items()},
        )
        for name, total in totals.items()
    }


REPORT = Pstats()
