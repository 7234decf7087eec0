"""The table by function: its activations in all contexts added up."""

from __future__ import annotations

from collections import namedtuple

from frametools._image.layout import ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree.tree import CallTree
    from frametools.events import CodeRef


class FunctionStats(
    namedtuple(
        "FunctionStats",
        "code calls primitive_calls resumes throws yields unwinds "
        "self_wall self_cpu cum_wall cum_cpu awaited max_depth max_recursion",
    )
):
    """What a function did in all threads; times are ns."""

    __slots__ = ()

    code: CodeRef
    calls: int
    primitive_calls: int
    """Calls while no other activation of it was below on the stack."""
    resumes: int
    throws: int
    yields: int
    unwinds: int
    self_wall: int
    self_cpu: int
    cum_wall: int
    """Time in it and its callees; of a recursion, the outermost activations count."""
    cum_cpu: int
    awaited: int
    """ns it was suspended, if a coroutine or async generator."""
    max_depth: int
    """Deepest stack at which it ran; a thread's outermost frame has 1."""
    max_recursion: int
    """Most activations of it on one stack; 1 is no recursion."""


def tabulate(tree: CallTree, *, raw: bool) -> list[FunctionStats]:
    """Add the nodes up by the name of their code, in the order of `codes`."""
    sums = _add_up(tree, raw=raw)
    return [FunctionStats(tree.codes[at], *row) for at, row in sorted(sums.items())]


def places_of_code(tree: CallTree) -> tuple[list[int], list[int]]:
    """Give two columns: each node's code, of equal ones the first, and its nesting.

    That is the number of nodes of the same code on its path, itself included; 0 for
    what is no function. O(nodes).
    """
    index: dict[CodeRef, int] = {}
    same = [index.setdefault(code, at) for at, code in enumerate(tree.codes)]
    code = [
        same[number] if kind != ROOT and node else 0
        for node, (number, kind) in enumerate(zip(tree.code, tree.kind, strict=True))
    ]
    return code, nesting(tree, code)


def _add_up(tree: CallTree, *, raw: bool) -> dict[int, list[int]]:
    code, levels = places_of_code(tree)
    columns = zip(
        levels,
        code,
        tree.depths,
        tree.calls,
        tree.resumes,
        tree.throws,
        tree.yields,
        tree.unwinds,
        tree.awaited,
        *tree.times(raw=raw),
        strict=True,
    )
    sums: dict[int, list[int]] = {}
    for level, at, depth, *counts in columns:
        if level:
            row = sums.get(at)
            if row is None:
                row = sums[at] = [0] * 13
            _add_node(row, level, depth, counts)
    return sums


def _add_node(row: list[int], level: int, depth: int, counts: list[int]) -> None:
    calls, resumes, throws, yields, unwinds, awaited, wall, cpu, *cum = counts
    row[0] += calls
    row[6] += wall
    row[7] += cpu
    if level == 1:
        row[1] += calls
        row[8] += cum[0]
        row[9] += cum[1]
    if resumes or throws or yields or unwinds or awaited:
        row[2] += resumes
        row[3] += throws
        row[4] += yields
        row[5] += unwinds
        row[10] += awaited
    row[11] = max(row[11], depth)
    row[12] = max(row[12], level)


def nesting(tree: CallTree, code: list[int]) -> list[int]:
    """Count, for each node, those of its function on its path, itself included.

    `code` gives each node's function, as an index into `codes`; a root has 0. O(nodes).
    """
    nesting = [0] * len(code)
    is_open = [0] * len(tree.codes)
    first, following = tree.links
    parent = tree.parent
    for thread in tree.threads:
        node = first[thread.root] if thread.root else 0
        while node:
            level = nesting[node] = is_open[code[node]] + 1
            following_node = first[node]
            if following_node:
                is_open[code[node]] = level
            else:
                following_node = following[node]
            while not following_node:
                node = parent[node]
                if node == thread.root:
                    break
                is_open[code[node]] -= 1
                following_node = following[node]
            node = following_node
    return nesting
