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
    tree: CallTree, root: int, weights: Sequence[int], words: Sequence[str], gap: str
) -> Iterator[tuple[str, int]]:
    """Yield (the stack from the outermost frame, weight) of a thread's stacks.

    A stack is the words of its codes with `gap` between them: those of the caller's
    stack and one more. Stacks without any weight are left out. O(nodes).
    """
    first, following = tree.links
    code = tree.code
    waiting = [(first[root], "", 1)]
    while waiting:
        node, before, depth = waiting.pop()
        while node:
            if following[node]:
                waiting.append((following[node], before, depth))
            stack = before + words[code[node]]
            own = weights[node]
            if depth == DEPTH:
                own = sum(weights[below] for below in tree.walk(node))
            if own > 0:
                yield stack, own
            if depth == DEPTH:
                break
            before = stack + gap
            depth += 1
            node = first[node]
