"""A dump that `pstats.Stats` reads, and so gprof2dot, snakeviz and others.

Keys and order are cProfile's own (Lib/cProfile.py, `snapshot_stats`): a function
is (file, line, name), a C function ("~", 0, "<built-in method ...>"); a function
holds (primitive calls, calls, self, cumulative, callers), a caller (calls,
primitive calls, self, cumulative), times in seconds.
"""

from __future__ import annotations

import builtins
import marshal
import struct
from itertools import compress, count, repeat
from operator import add, gt, ne

from frametools.calltree.functions import nesting
from frametools.events import CodeKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions

    Key = tuple[str, int, str]
    Figures = tuple[int, int, int, int]
    """Primitive calls, calls, self and cumulative ns."""

_REFERENCE = struct.Struct("<BI").pack
_CALLER = struct.Struct("<8siBiBdBd").pack


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


class _Nodes:
    """The nodes of a tree as columns, with their functions as numbers; O(nodes)."""

    def __init__(self, tree: CallTree, options: ReportOptions) -> None:
        self.tree = tree
        times, is_cpu = tree.times(raw=options.raw), options.clock == "cpu"
        self.own = times.self_cpu if is_cpu else times.self_wall
        self.cumulative = times.cum_cpu if is_cpu else times.cum_wall
        roots = 0, *(thread.root for thread in tree.threads)
        code = list(tree.code)
        for root in roots:
            code[root] = -1
        used = set(code)
        self.numbers: dict[Key, int] = {}
        """Of the functions, in the order of their codes."""
        of_code = [
            self.numbers.setdefault(key(ref), len(self.numbers)) if at in used else 0
            for at, ref in enumerate(tree.codes)
        ]
        self.none = len(self.numbers)
        """The function of roots: none."""
        of_code.append(self.none)  # the last: code -1
        self.callees = list(map(of_code.__getitem__, code))
        self.callers = list(map(self.callees.__getitem__, tree.parent))


def _totals(nodes: _Nodes) -> Iterator[Figures]:
    """Give the figures of each function; of a recursion the outermost calls count."""
    sums = [[0] * (nodes.none + 1) for _ in range(4)]
    first, calls, own, cumulative = sums
    levels = nesting(nodes.tree, nodes.callees)
    columns = nodes.callees, levels, nodes.tree.calls, nodes.own, nodes.cumulative
    for at, level, often, here, below in zip(*columns, strict=True):
        if level == 1:
            first[at] += often
            cumulative[at] += below
        calls[at] += often
        own[at] += here
    return zip(*sums, strict=True)


def _edges(nodes: _Nodes) -> list[bytearray]:
    """Give the callers of each function, as a dump holds them; O(nodes).

    A pair of caller and callee is its first node, which has the sums of all. Of calls
    inside a call of the same pair the time is in that one already.
    """
    tree, none = nodes.tree, nodes.none
    callees, callers = nodes.callees, nodes.callers
    firsts, levels = _pairs(tree, callers, callees, none + 1)
    calls, primitive = list(tree.calls), list(tree.calls)
    own, cumulative = nodes.own[:], nodes.cumulative[:]
    for node in compress(count(), map(gt, levels, repeat(1))):
        primitive[node] = cumulative[node] = 0
    columns = calls, primitive, own, cumulative
    is_pair = bytearray(map(bool, levels))
    for node in compress(count(), map(ne, firsts, count())):
        is_pair[node] = 0
        for column in columns:
            column[firsts[node]] += column[node]
    found = [bytearray() for _ in range(none + 1)]
    # A reference to the caller's key, and a tuple of 4 that begins with an integer.
    heads = [_REFERENCE(114, caller) + b")\4i" for caller in range(none + 1)]
    is_small = max(calls) < 1 << 31
    rows = zip(callees, callers, *columns, strict=True)
    for callee, caller, often, first, here, below in compress(rows, is_pair):
        if caller == none:
            continue
        if is_small:
            figures = often, 105, first, 103, here / 1e9, 103, below / 1e9
            found[callee] += _CALLER(heads[caller], *figures)
        else:
            found[callee] += heads[caller][:-1] + _figures(often, first, here, below)
    return found


def _pairs(
    tree: CallTree, callers: list[int], callees: list[int], size: int
) -> tuple[list[int], list[int]]:
    """Give, for each node, the first of its pair, and how often that is on its path."""
    seen: dict[int, int] = {}
    pairs = map(add, map(size.__mul__, callers), callees)
    firsts = list(map(seen.setdefault, pairs, count()))
    return firsts, nesting(tree, firsts)


class Pstats:
    """The `pstats` form."""

    name = "pstats"
    is_binary = True

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the dump to `out.buffer`; wall times unless `clock` is cpu."""
        out.flush()
        out.buffer.writelines(_dump(tree, options))


def _dump(tree: CallTree, options: ReportOptions) -> Iterator[bytes]:
    """Give what `marshal.dumps` would make of the dictionary, a function at a time.

    It would need all of it at once: a tuple for each caller of each function. Every
    key stands there once, as the first key of nothing (None) that it is given a value
    for below; after that it is a reference to this one.
    """
    nodes = _Nodes(tree, options)
    callers = _edges(nodes)
    yield b"{"
    for name in nodes.numbers:
        yield b"\xa9\x03" + b"".join(_plain(part) for part in name) + b"N"
    for number, figures in zip(range(nodes.none), _totals(nodes), strict=False):
        yield _REFERENCE(114, number) + b")\5" + _figures(*figures)
        yield b"{" + callers[number] + b"0"
    yield b"0"


def _plain(value: float | str) -> bytes:
    """Write a value without references: version 2 of the format has none."""
    return marshal.dumps(value, 2)


def _figures(first: int, second: int, own: int, cumulative: int) -> bytes:
    counts = _plain(first) + _plain(second)
    return counts + _plain(own / 1e9) + _plain(cumulative / 1e9)


REPORT = Pstats()
