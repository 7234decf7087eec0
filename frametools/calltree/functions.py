"""The table by function: its activations in all contexts added up."""

from __future__ import annotations

from collections import namedtuple
from itertools import compress

from frametools._image.layout import ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    rows = _add_up(tree, raw=raw)
    return [FunctionStats(tree.codes[at], *figures) for at, *figures in rows]


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


def _add_up(tree: CallTree, *, raw: bool) -> Iterator[tuple[int, ...]]:
    """Give each function's code and figures; one loop with a column for each figure."""
    code, levels = places_of_code(tree)
    size = len(tree.codes)
    sums = [[0] * size for _ in range(8)]
    calls, primitive, wall, cpu, walls, cpus, deepest, most = sums
    columns = levels, code, tree.depths, tree.calls, *tree.times(raw=raw)
    for level, at, depth, count, own, ran, took, ran_in in zip(*columns, strict=True):
        if level == 1:
            primitive[at] += count
            walls[at] += took
            cpus[at] += ran_in
        elif not level:
            continue
        calls[at] += count
        wall[at] += own
        cpu[at] += ran
        if depth > deepest[at]:  # noqa: PLR1730  (max takes thrice the time)
            deepest[at] = depth
        if level > most[at]:  # noqa: PLR1730
            most[at] = level
    rare = tree.resumes, tree.throws, tree.yields, tree.unwinds, tree.awaited
    others = [_sums(levels, code, column, size) for column in rare]
    awaited = others.pop()
    figures = calls, primitive, *others, wall, cpu, walls, cpus, awaited, deepest, most
    return compress(zip(range(size), *figures, strict=True), most)


def _sums(
    levels: list[int], code: list[int], column: Sequence[int], size: int
) -> list[int]:
    """Add up, for each code, what most nodes have none of."""
    sums = [0] * size
    rows = zip(levels, code, column, strict=True)
    for level, at, count in compress(rows, column):
        if level:
            sums[at] += count
    return sums


def nesting(tree: CallTree, code: list[int]) -> list[int]:
    """Count, for each node, those of its function on its path, itself included.

    `code` gives each node's function, as a small number; a root counts 0. O(nodes).
    """
    nesting = [0] * len(code)
    is_open = [0] * (max(code) + 1)
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
