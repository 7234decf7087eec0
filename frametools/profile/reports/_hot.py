"""Which calls of a tree are worth a line, and how they hang together."""

from __future__ import annotations

from heapq import heappop, heappush

from frametools.profile.reports._stacks import busy_threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.calltree import CallTree

PASSES_ON = 0.95
"""A frame that hands this share of its time to one callee only passes it on."""
FOLD = 3
"""So many of those in a row become one line."""
VISITS = 20_000
"""Nodes chosen at most: bounds the work on a deep recursion."""


class Branch:
    """One line of the tree.

    `kind` is "call", "thread" (a root), "folded" (a run of frames that only pass
    their time on), or "import": the import system at work without a module's code.
    """

    __slots__ = ("below", "is_last", "kind", "node", "nodes", "parent")

    def __init__(self, kind: str, nodes: list[int], below: list[int]) -> None:
        self.kind = kind
        self.node = nodes[0]
        self.nodes = nodes
        """The frames in this line: of a recursion or a run, outermost first."""
        self.below = below
        """The nodes that hang below it, heaviest first."""
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


def hot_branches(
    tree: CallTree, weights: Sequence[int], limit: int, least: float
) -> list[Branch]:
    """At most `limit` lines of the heaviest calls, in the order to draw them."""
    budget = limit
    while True:
        branches = HotCalls(tree, weights, budget, least).branches(limit)
        if len(branches) <= limit or budget <= 1:
            return branches[:limit]
        budget = budget * 4 // 5


class HotCalls:
    """The heaviest calls of a tree, connected from the roots down."""

    def __init__(
        self, tree: CallTree, weights: Sequence[int], limit: int, least: float
    ) -> None:
        """Choose the `limit` heaviest calls of at least `least`."""
        self.tree = tree
        self.weights = weights
        self.roots = [thread.root for thread in busy_threads(tree)]
        self.chosen: dict[int, list[int]] = {}
        """A chosen node, and its chosen children, heaviest first."""
        self._below: dict[int, list[int]] = {}
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
            limit -= not self._is_free(node, children, -size)

    def _is_free(self, node: int, children: list[int], size: int) -> bool:
        """True for what will share a line with others, or mostly does."""
        if node in self.roots or self._imports(node):
            return True
        heaviest = max((self.weights[child] for child in children), default=0)
        return heaviest > 0 and heaviest >= size * PASSES_ON

    def branches(self, most: int) -> list[Branch]:
        """The lines in the order to draw them; it gives up after `most`."""
        tops = [root for root in self.roots if self.chosen.get(root)]
        if len(self.roots) == 1:
            tops = [child for root in tops for child in self.below(root)]
        drawn: list[Branch] = []
        waiting: list[tuple[int, Branch | None, bool]] = []
        waiting += ((top, None, True) for top in reversed(tops))
        while waiting:
            node, parent, is_last = waiting.pop()
            branch = self._branch(
                node, is_top=parent is None or parent.kind == "thread"
            )
            branch.parent, branch.is_last = parent, is_last
            drawn.append(branch)
            if len(drawn) > most:
                break
            last = branch.below[-1] if branch.below else 0
            for child in reversed(branch.below):
                waiting.append((child, branch, child == last))
        return drawn

    def _branch(self, node: int, is_top: bool) -> Branch:
        """One line: with it the recursion or the run that begins at this node."""
        if node in self.roots:
            return Branch("thread", [node], self.below(node))
        if self._imports(node):
            return Branch("import", [node], [])
        levels = self._recursion(node)
        below = self.below(levels[-1])
        if len(levels) == 1 and not is_top:
            run = self._run(node)
            if len(run) >= FOLD:
                return Branch("folded", run, self.below(run[-1]))
        if not below:
            levels += self._deeper(levels[-1])
        return Branch("call", levels, below)

    def _recursion(self, node: int) -> list[int]:
        levels = [node]
        while True:
            below = self.below(levels[-1])
            if len(below) != 1 or self.tree.code[below[0]] != self.tree.code[node]:
                return levels
            levels.append(below[0])

    def _deeper(self, node: int) -> list[int]:
        """The levels of a recursion that are too light to be chosen."""
        levels: list[int] = []
        code = self.tree.code[node]
        while True:
            same = [at for at in self.tree.children(node) if self.tree.code[at] == code]
            if len(same) != 1:
                return levels
            node = same[0]
            levels.append(node)

    def _run(self, node: int) -> list[int]:
        """The frames from here on that only pass their time on."""
        run: list[int] = []
        while len(self.below(node)) == 1 and not self._imports(node):
            child = self.below(node)[0]
            if self.weights[child] < self.weights[node] * PASSES_ON:
                break
            run.append(node)
            node = child
        return run

    def below(self, node: int) -> list[int]:
        """What hangs below a node, heaviest first.

        The frames of the import system are many at each level and say little: what
        they lead to, a module's code, hangs where the import statement is.
        """
        found = self._below.get(node)
        if found is None:
            found = [
                call
                for child in self.chosen[node]
                for call in (self._through(child) if self._imports(child) else [child])
            ]
            found.sort(key=lambda child: (-self.weights[child], child))
            self._below[node] = found
        return found

    def _through(self, node: int) -> list[int]:
        """Where an import leads to, or the import itself if nowhere."""
        found: list[int] = []
        waiting = [node]
        while waiting:
            for child in self.chosen[waiting.pop()]:
                (waiting if self._imports(child) else found).append(child)
        return found or [node]

    def _imports(self, node: int) -> bool:
        if node in self.roots:
            return False
        return self.tree.ref(node).filename.startswith("<frozen importlib")
