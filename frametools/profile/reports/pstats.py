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
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions

    Key = tuple[str, int, str]
    Figures = list[int]
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


def _edges(
    tree: CallTree, numbers: Mapping[Key, int], options: ReportOptions
) -> list[bytearray]:
    """Give the callers of each function of `numbers`, as a dump holds them; O(nodes).

    A pair of caller and callee is its first node, which has the sums of all. Of calls
    inside a call of the same pair the time is in that one already.
    """
    times = tree.times(raw=options.raw)
    is_cpu = options.clock == "cpu"
    own = (times.self_cpu if is_cpu else times.self_wall)[:]
    cumulative = (times.cum_cpu if is_cpu else times.cum_wall)[:]
    none = len(numbers)
    of_code = [numbers.get(key(code), none) for code in tree.codes]
    of_code += [none] * (len(tree.threads) + 1)
    callees = list(map(of_code.__getitem__, tree.code))
    for root in (0, *(thread.root for thread in tree.threads)):
        callees[root] = none
    callers = list(map(callees.__getitem__, tree.parent))
    firsts, levels = _pairs(tree, callers, callees, none + 1)
    calls, primitive = list(tree.calls), list(tree.calls)
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
    totals: dict[Key, Figures] = {}
    is_cpu = options.clock == "cpu"
    for row in tree.functions(raw=options.raw):
        total = totals.setdefault(key(row.code), [0, 0, 0, 0])
        total[0] += row.primitive_calls
        total[1] += row.calls
        total[2] += row.self_cpu if is_cpu else row.self_wall
        total[3] += row.cum_cpu if is_cpu else row.cum_wall
    numbers = {name: number for number, name in enumerate(totals)}
    callers = _edges(tree, numbers, options)
    yield b"{"
    for name in totals:
        yield b"\xa9\x03" + b"".join(_plain(part) for part in name) + b"N"
    for number, figures in enumerate(totals.values()):
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
