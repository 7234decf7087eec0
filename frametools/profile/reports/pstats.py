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
from array import array
from itertools import compress, count, repeat
from operator import add, ne, truediv

from frametools.calltree.times import cumulative, self_times
from frametools.events import CodeKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions

    Key = tuple[str, int, str]

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
        wall, cpu = self_times(tree, raw=options.raw)
        self.own = cpu if options.clock == "cpu" else wall
        self.cumulative = cumulative(self.own, tree.parent)
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
        # Arrays, as the links are: see there.
        self.callees = array("I", map(of_code.__getitem__, code))
        self.callers = array("I", map(self.callees.__getitem__, tree.parent))


class _Sums:
    """What a dump says of functions, and of pairs of caller and callee; O(nodes).

    A pair is its first node, which has the sums of all. Of calls inside a call of the
    same function, or pair, the time is in that one already.
    """

    def __init__(self, nodes: _Nodes) -> None:
        calls, none = nodes.tree.calls, nodes.none
        sums = [[0] * (none + 1) for _ in range(4)]
        self.functions: list[list[int]] = sums
        """Primitive calls, calls, self and cumulative ns, by function."""
        _, often, own, _ = sums
        for callee, count_of, here in zip(nodes.callees, calls, nodes.own, strict=True):
            often[callee] += count_of
            own[callee] += here
        seen: dict[int, int] = {}
        pairs = map(add, map((none + 1).__mul__, nodes.callers), nodes.callees)
        firsts = array("I", map(seen.setdefault, pairs, count()))
        columns = list(calls), list(calls), nodes.own[:], nodes.cumulative[:]
        self.columns: tuple[list[int], ...] = columns
        """Calls, primitive calls, self and cumulative ns, by a pair's first node."""
        self.is_pair = bytearray(map(none.__ne__, nodes.callers))
        self._leave_recursion(nodes, firsts)
        for node in compress(count(), map(ne, firsts, count())):
            self.is_pair[node] = 0
            for column in columns:
                column[firsts[node]] += column[node]

    def _leave_recursion(self, nodes: _Nodes, firsts: array[int]) -> None:
        """Add up the outermost calls of functions; take the others out of pairs.

        One walk for both, as `nesting` (calltree.functions) would be two.
        """
        tree, callees = nodes.tree, nodes.callees
        (first, following), parent = tree.links, tree.parent
        primitive, _, _, cumulative = self.functions
        _, calls, _, below = self.columns
        opened, pairs_opened = [0] * (nodes.none + 1), [0] * len(parent)
        for thread in tree.threads:
            root = thread.root
            node = first[root] if root else 0
            while node:
                callee, pair = callees[node], firsts[node]
                if not opened[callee]:
                    primitive[callee] += calls[node]
                    cumulative[callee] += below[node]
                elif pairs_opened[pair]:
                    calls[node] = below[node] = 0
                if first[node]:
                    opened[callee] += 1
                    pairs_opened[pair] += 1
                    node = first[node]
                    continue
                next_node = following[node]
                while not next_node:
                    node = parent[node]
                    if node == root:
                        break
                    opened[callees[node]] -= 1
                    pairs_opened[firsts[node]] -= 1
                    next_node = following[node]
                node = next_node


def _callers(nodes: _Nodes, sums: _Sums) -> list[bytearray]:
    """Give the callers of each function, as a dump holds them; O(nodes)."""
    found = [bytearray() for _ in range(nodes.none + 1)]
    # A reference to the caller's key, and a tuple of 4 that begins with an integer.
    heads = [_REFERENCE(114, caller) + b")\4i" for caller in range(nodes.none)]
    columns = nodes.callers, *sums.columns
    rows = (compress(column, sums.is_pair) for column in columns)
    write = _packed if max(sums.columns[0]) < 1 << 31 else _plainly
    callees = compress(nodes.callees, sums.is_pair)
    for callee, row in zip(callees, write(heads, *rows), strict=True):
        found[callee] += row
    return found


def _packed(
    heads: list[bytes],
    callers: Iterable[int],
    calls: Iterable[int],
    primitive: Iterable[int],
    own: Iterable[int],
    cumulative: Iterable[int],
) -> Iterator[bytes]:
    """Write callers, without a line of Python for each; counts are below 2**31."""
    return map(
        _CALLER,
        map(heads.__getitem__, callers),
        calls,
        repeat(105),
        primitive,
        repeat(103),
        map(truediv, own, repeat(1e9)),
        repeat(103),
        map(truediv, cumulative, repeat(1e9)),
    )


def _plainly(
    heads: list[bytes], callers: Iterable[int], *columns: Iterable[int]
) -> Iterator[bytes]:
    for caller, *figures in zip(callers, *columns, strict=True):
        yield heads[caller][:-1] + _figures(*figures)


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
    sums = _Sums(nodes)
    callers = _callers(nodes, sums)
    yield b"{"
    for name in nodes.numbers:
        yield b"\xa9\x03" + b"".join(_plain(part) for part in name) + b"N"
    for number in range(nodes.none):
        figures = (column[number] for column in sums.functions)
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
