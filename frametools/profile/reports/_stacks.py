"""The threads of a tree, and whole stacks with their weights."""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frametools.calltree import CallTree, ThreadInfo

DEPTH = 1_000
"""Deeper frames are charged to the one at this depth: a line per node, each with
its whole path, would take the square of a deep recursion in bytes."""
_BATCH = 128


def busy_threads(tree: CallTree) -> list[ThreadInfo]:
    """The threads that called anything while they were watched."""
    return [t for t in tree.threads if t.root and tree.children(t.root)]


def walk(
    tree: CallTree, root: int, weights: Sequence[int], words: Sequence[str], gap: str
) -> Iterator[tuple[str, int, int]]:
    """Yield (its callers, its code, weight) of a thread's nodes, callers first.

    The callers are the words of their codes, each with `gap` behind it: the stack but
    for its last word, which siblings do not share. Nodes without any weight are left
    out. O(nodes), and what it takes to make the strings.
    """
    first, following = tree.links
    codes = tree.code
    inner = [word + gap for word in words]
    waiting = [(first[root], "", 1)]
    while waiting:
        node, before, depth = waiting.pop()
        while node:
            if following[node]:
                waiting.append((following[node], before, depth))
            own, code, below = weights[node], codes[node], first[node]
            if depth == DEPTH:
                own = sum(weights[each] for each in tree.walk(node))
                below = 0
            if own > 0:
                yield before, code, own
            if below:
                before += inner[code]
                depth += 1
            node = below


def batches(parts: Iterator[str]) -> Iterator[str]:
    """Join many small parts to few large ones: a file takes them in half the time."""
    while some := "".join(islice(parts, _BATCH)):
        yield some
