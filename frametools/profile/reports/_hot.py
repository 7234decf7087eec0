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

    __slots__ = (
        "below",
        "is_last",
        "kind",
        "levels",
        "node",
        "nodes",
        "parent",
        "size",
    )

    def __init__(self, kind: str, line: Line, nodes: list[int], below: list[int]):
        self.kind = kind
        self.size = line.size
        """Cumulative time (ns)."""
        self.levels = line.levels
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


class Line:
    """Nodes that are one line: a call, with all levels when it calls itself.

    What the levels of a recursion call is merged in the same way, by its code.
    """

    __slots__ = ("levels", "nodes", "size")

    def __init__(self, nodes: list[int], size: int, levels: int) -> None:
        self.nodes = nodes
        self.size = size
        """Time (ns) in the outermost of them, with all that they called."""
        self.levels = levels


def hot_branches(
    tree: CallTree, weights: Sequence[int], limit: int, least: float
) -> tuple[list[Branch], bool]:
    """At most `limit` lines of the heaviest calls, in the order to draw them.

    Each thread of at least `least` is among them. True if calls of at least that are
    left out.
    """
    budget = limit
    while True:
        calls = HotCalls(tree, weights, budget, least, most=limit)
        branches = calls.branches(limit)
        if len(branches) <= limit or budget <= calls.is_of_one:
            return branches[:limit], calls.is_cut or len(branches) > limit
        budget = budget * 4 // 5


class HotCalls:
    """The heaviest calls of a tree, connected from the roots down."""

    def __init__(
        self,
        tree: CallTree,
        weights: Sequence[int],
        limit: int,
        least: float,
        *,
        most: int,
    ) -> None:
        """Choose the `limit` heaviest calls of at least `least`, and `most` threads."""
        self.tree = tree
        self.weights = weights
        self.is_cut = False
        """True if calls or threads of at least `least` are left out."""
        self.is_of_one = len(busy_threads(tree)) == 1
        self.roots = self._heavy_roots(max(least, 1), most)
        self.lines: dict[int, Line] = {}
        """What is one line, by its first node."""
        self.chosen: dict[int, list[int]] = {}
        """A chosen line, and its chosen callees, heaviest first."""
        self._below: dict[int, list[int]] = {}
        self._choose(limit, max(least, 1))

    def _heavy_roots(self, least: float, most: int) -> list[int]:
        """The roots of the heaviest threads, in the order of the tree."""
        roots = [thread.root for thread in busy_threads(self.tree)]
        heavy = [root for root in roots if self.weights[root] >= least]
        self.is_cut = len(heavy) > most
        first = set(sorted(heavy, key=lambda root: -self.weights[root])[:most])
        return [root for root in heavy if root in first]

    def _choose(self, limit: int, least: float) -> None:
        """Every thread, then always the heaviest; what passes its time on is free."""
        heap = [(-self._line([root]), root, 0) for root in self.roots]
        self.chosen = {root: [] for root in self.roots}
        heap.sort()
        while heap and limit > 0 and len(self.chosen) < VISITS:
            size, node, caller = heappop(heap)
            self.chosen[node] = []
            if node not in self.roots:
                self.chosen[caller].append(node)
            sizes = []
            for callee, weight in self._callees(node):
                if weight >= least:
                    heappush(heap, (-weight, callee, node))
                    sizes.append(weight)
            limit -= not self._is_free(node, max(sizes, default=0), -size)
        self.is_cut = self.is_cut or bool(heap)

    def _line(self, tops: list[int]) -> int:
        """Make a line of nodes with the same code; returns its time."""
        nodes, levels, level = list(tops), 1, tops
        while level := [same for node in level for same in self._same(node)]:
            nodes += level
            levels += 1
        size = sum(self.weights[top] for top in tops)
        self.lines[tops[0]] = Line(nodes, size, levels)
        return size

    def _same(self, node: int) -> list[int]:
        """Where the code of a node called itself."""
        tree = self.tree
        what = tree.kind[node], tree.code[node]
        children = tree.children(node)
        return [at for at in children if (tree.kind[at], tree.code[at]) == what]

    def _callees(self, first: int) -> list[tuple[int, int]]:
        """The lines that a line calls, each with its time."""
        tree = self.tree
        nodes = self.lines[first].nodes
        own = tree.kind[first], tree.code[first]
        tops: dict[tuple[int, int], list[int]] = {}
        for node in nodes:
            for child in tree.children(node):
                what = tree.kind[child], tree.code[child]
                if what != own:
                    tops.setdefault(what, []).append(child)
        return [(group[0], self._line(group)) for group in tops.values()]

    def _is_free(self, node: int, heaviest: int, size: int) -> bool:
        """True for what will share a line with others, or mostly does."""
        if node in self.roots or self._imports(node):
            return True
        return heaviest > 0 and heaviest >= size * PASSES_ON

    def branches(self, most: int) -> list[Branch]:
        """The lines in the order to draw them; it gives up after `most`."""
        tops = list(self.roots)
        if self.is_of_one:
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
        line = self.lines[node]
        below = self.below(node)
        if node in self.roots:
            return Branch("thread", line, [node], below)
        if self._imports(node):
            return Branch("import", line, line.nodes, [])
        if line.levels == 1 and not is_top:
            run = self._run(node)
            if len(run) >= FOLD:
                nodes = [at for first in run for at in self.lines[first].nodes]
                return Branch("folded", line, nodes, self.below(run[-1]))
        return Branch("call", line, line.nodes, below)

    def _run(self, node: int) -> list[int]:
        """The frames from here on that only pass their time on."""
        run: list[int] = []
        while len(self.below(node)) == 1 and not self._imports(node):
            child = self.below(node)[0]
            if self.lines[child].size < self.lines[node].size * PASSES_ON:
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
            found.sort(key=lambda child: (-self.lines[child].size, child))
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
