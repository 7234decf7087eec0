"""Which calls of a tree are worth a line, and how they hang together."""

from __future__ import annotations

from heapq import heappop, heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.calltree import CallTree

PASSES_ON = 0.97
"""A frame that hands this share of its time to one callee only passes it on."""
FOLD = 3
"""So many of those in a row become one line."""
VISITS = 20_000
"""Nodes chosen at most: bounds the work on a deep recursion."""


class Branch:
    """One line of the tree: a call, a recursion, or a run of folded frames."""

    __slots__ = ("folded", "is_call", "is_last", "node", "nodes", "parent")

    def __init__(
        self, nodes: list[int], *, folded: bool = False, is_call: bool = True
    ) -> None:
        self.node = nodes[0]
        self.nodes = nodes
        """The frames in this line, outermost first."""
        self.folded = folded
        self.is_call = is_call
        """False for the root of a thread."""
        self.parent: Branch | None = None
        self.is_last = True

    def guides(self, is_unicode: bool) -> str:
        """Draw the lines that lead to this one from the left."""
        if self.parent is None:
            return ""
        here, last, through = ("├ ", "└ ", "│ ") if is_unicode else ("|-", "`-", "| ")
        drawn = [last if self.is_last else here]
        above = self.parent
        while above.parent is not None:
            drawn.append("  " if above.is_last else through)
            above = above.parent
        return "".join(reversed(drawn))


class HotCalls:
    """The heaviest calls of a tree, connected from the roots down."""

    def __init__(
        self, tree: CallTree, weights: Sequence[int], limit: int, least: float
    ) -> None:
        """Choose the `limit` heaviest calls of at least `least`."""
        self.tree = tree
        self.weights = weights
        self.roots = [thread.root for thread in tree.threads if thread.root]
        self.chosen: dict[int, list[int]] = {}
        """A chosen node, and its chosen children, heaviest first."""
        self._choose(limit, max(least, 1))

    def _choose(self, limit: int, least: float) -> None:
        """Always the heaviest next; one that passes its time on is free."""
        heap = [(-self.weights[root], root) for root in self.roots]
        heap.sort()
        while heap and limit > 0 and len(self.chosen) < VISITS:
            size, node = heappop(heap)
            self.chosen[node] = []
            parent = self.tree.parent[node]
            if node not in self.roots:
                self.chosen[parent].append(node)
            children = [
                child
                for child in self.tree.children(node)
                if self.weights[child] >= least
            ]
            for child in children:
                heappush(heap, (-self.weights[child], child))
            limit -= not (node in self.roots or self._passes_on(children, -size))

    def _passes_on(self, children: list[int], size: int) -> bool:
        heaviest = max((self.weights[child] for child in children), default=0)
        return heaviest > 0 and heaviest >= size * PASSES_ON

    def branches(self) -> list[Branch]:
        """The lines, in the order to draw them."""
        tops = [root for root in self.roots if self.chosen.get(root)]
        if len(self.roots) == 1:
            tops = [child for root in tops for child in self.chosen[root]]
        drawn: list[Branch] = []
        waiting: list[tuple[int, Branch | None, bool]] = []
        waiting += ((top, None, True) for top in reversed(tops))
        while waiting:
            node, parent, is_last = waiting.pop()
            branch = self._branch(node, is_top=parent is None or not parent.is_call)
            branch.parent, branch.is_last = parent, is_last
            drawn.append(branch)
            below = self.chosen[branch.nodes[-1]]
            for child in reversed(below):
                waiting.append((child, branch, child == below[-1]))
        return drawn

    def _branch(self, node: int, is_top: bool) -> Branch:
        """One line: with it the recursion or the run that begins at this node."""
        if node in self.roots:
            return Branch([node], is_call=False)
        levels = self._recursion(node)
        if len(levels) > 1 or is_top:
            return Branch(levels)
        run = self._run(node)
        return Branch(run, folded=True) if len(run) >= FOLD else Branch([node])

    def _recursion(self, node: int) -> list[int]:
        levels = [node]
        while True:
            below = self.chosen[levels[-1]]
            if len(below) != 1 or self.tree.code[below[0]] != self.tree.code[node]:
                return levels
            levels.append(below[0])

    def _run(self, node: int) -> list[int]:
        """The frames from here on that only pass their time on."""
        run: list[int] = []
        while len(self.chosen[node]) == 1:
            child = self.chosen[node][0]
            passes_on = self.weights[child] >= self.weights[node] * PASSES_ON
            if not (passes_on or self._imports(node)):
                break
            run.append(node)
            node = child
        return run

    def _imports(self, node: int) -> bool:
        return self.tree.ref(node).filename.startswith("<frozen importlib")
