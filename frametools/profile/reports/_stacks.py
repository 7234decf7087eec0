"""The threads of a tree, and whole stacks with their weights."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frametools.calltree import CallTree, ThreadInfo

DEPTH = 1_000
"""Deeper frames are charged to the one at this depth: a line per node, each with
its whole path, would take the square of a deep recursion in bytes."""


def busy_threads(tree: CallTree) -> list[ThreadInfo]:
    """The threads that called anything while they were watched."""
    return [t for t in tree.threads if t.root and tree.children(t.root)]


def walk(
    tree: CallTree, root: int, weights: Sequence[float]
) -> Iterator[tuple[list[int], int]]:
    """Yield (codes from the outermost frame, weight) of a thread's stacks.

    The list is one and the same, changed between the rows; stacks without any
    weight are left out.
    """
    path: list[int] = []
    for node, depth in _nodes(tree, root):
        if depth > DEPTH:
            continue
        del path[depth - 1 :]
        path.append(tree.code[node])
        own = weights[node]
        if depth == DEPTH:
            own = sum(weights[below] for below, _ in _nodes(tree, node)) + own
        if own >= 0.5:
            yield path, round(own)


def _nodes(tree: CallTree, top: int) -> Iterator[tuple[int, int]]:
    """The nodes below one, parents first, children in order; with their depth."""
    stack = [(child, 1) for child in reversed(tree.children(top))]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(tree.children(node)))
