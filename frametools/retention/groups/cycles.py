"""Which nodes of a graph lead back to themselves: strongly connected components.

a --> b --> c --> b        component of a: {a}, of b and c: {b, c}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def ways_round(
    edges: Sequence[Sequence[int]], among: Collection[int]
) -> dict[int, int]:
    """Return the nodes that lead back to themselves, each with the next on that way.

    `among` are the nodes to be looked at, in order; all that these lead to must be
    there. O(nodes + edges).
    """
    component = components(edges, among)
    return {
        node: onward[0]
        for node in among
        if (onward := [to for to in edges[node] if component[to] == component[node]])
    }


def components(
    edges: Sequence[Sequence[int]], among: Collection[int]
) -> dict[int, int]:
    """Return of each node one that stands for all that lead to it and it leads to."""
    turned: dict[int, list[int]] = {node: [] for node in among}
    for node in among:
        for to in edges[node]:
            turned[to].append(node)
    found: dict[int, int] = {}
    for node in reversed(_by_finish(edges, among)):
        if node not in found:
            _flood(node, turned, found)
    return found


def _by_finish(edges: Sequence[Sequence[int]], among: Collection[int]) -> list[int]:
    """Return the nodes as a depth-first walk leaves them: Kosaraju's order."""
    seen: set[int] = set()
    left: list[int] = []
    for begin in among:
        stack = [(begin, iter(edges[begin]))] if begin not in seen else []
        seen.add(begin)
        while stack:
            node, others = stack[-1]
            below = next((to for to in others if to not in seen), None)
            if below is None:
                left.append(node)
                stack.pop()
            else:
                seen.add(below)
                stack.append((below, iter(edges[below])))
    return left


def _flood(begin: int, turned: dict[int, list[int]], found: dict[int, int]) -> None:
    """Note that all not found yet that lead to a node are of its component."""
    found[begin] = begin
    todo = [begin]
    while todo:
        for other in turned[todo.pop()]:
            if other not in found:
                found[other] = begin
                todo.append(other)
