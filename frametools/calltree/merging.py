"""Trees added up one after another, each forgotten once it is in: `Merging`."""

from __future__ import annotations

from array import array
from itertools import compress
from operator import add

from frametools._image.layout import C_FUNCTION
from frametools._image.notes import task_notes, write_notes
from frametools.calltree.contexts import NO_NAMES, Contexts, thread_keys
from frametools.calltree.memory import Memory, add_memory, write_memory
from frametools.calltree.merged_facts import MergedFacts
from frametools.calltree.tree import COUNTS, TIMES, CallTree, Costs, ThreadInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frametools.events import CodeRef

_ANY = tuple("is_sampled has_c_functions is_pure_python has_lost_nodes".split())
_SUMS = tuple("wall_ns cpu_ns unmatched repaired".split())
_SAME = tuple("pid parent_pid".split())
_MOST = 2**64 - 1


class Merging:
    """A sum of trees: its memory is that of the sum, however many were added.

    Counts and times add up, those of the run too: two runs of 1 s have a wall time of
    2 s, whether they ran one after the other or at once. Events are not merged.
    """

    def __init__(
        self, contexts: Contexts | None = None, *, of_files: bool = False
    ) -> None:
        """Begin with nothing; `of_files` notes how many files it is made of.

        Sums on the same `contexts` have the same nodes, threads and codes, once all
        trees of all of them are in.
        """
        self._contexts = Contexts(with_names=True) if contexts is None else contexts
        self._columns = {name: array("Q", [0]) for name in COUNTS + TIMES}
        self._threads: dict[int, ThreadInfo] = {}
        self._costs, self._entered = [0.0] * 4, [0, 0]
        self._facts = MergedFacts(of_files=of_files)
        self._memory: Memory | None = None
        self._tree = CallTree()
        self.trees = 0
        """How many are in."""

    def add(self, tree: CallTree, names: Mapping[CodeRef, CodeRef] = NO_NAMES) -> None:
        """Add a tree, its code by other `names`; O(nodes). The tree is not kept."""
        places = self._contexts.place(tree, names)
        self._lengthen()
        for name, total in self._columns.items():
            _add(total, places, getattr(tree, name))
        self._add_threads(tree, places)
        self._add_costs(tree)
        self._add_header(tree)
        self._facts.add(tree)
        self._memory = add_memory(self._memory, tree.memory, places)
        self.trees += 1

    def _lengthen(self) -> None:
        """Make room for the nodes that have come to the contexts."""
        for total in self._columns.values():
            total.frombytes(bytes(8 * (len(self._contexts) - len(total))))

    def finish(self) -> CallTree:
        """Give the sum; nothing may be added after that."""
        tree, contexts = self._tree, self._contexts
        self._lengthen()
        tree.parent, tree.code = contexts.parent, contexts.code
        tree.node_flags = contexts.node_flags
        tree.kind = bytes(flags & 3 for flags in contexts.node_flags)
        for name, total in self._columns.items():
            setattr(tree, name, total)
        tree.codes = [code for code, _ in contexts.codes]
        tree.threads = [
            self._threads.get(index) or ThreadInfo(index, name, 0)
            for (name, _), index in contexts.threads.items()
        ]
        weights = [max(1, self._entered[at // 2]) for at in range(4)]
        pairs = zip(self._costs, weights, strict=True)
        tree.costs = Costs(*(total / weight for total, weight in pairs))
        memory = None if self._memory is None else write_memory(self._memory)
        tree.notes = write_notes(*self._facts.finish(), memory)
        tree.notes += task_notes({at: name for (_, name), at in contexts.codes.items()})
        return tree

    def _add_threads(self, tree: CallTree, places: list[int]) -> None:
        for key, thread in zip(thread_keys(tree), tree.threads, strict=True):
            index = self._contexts.threads[key]
            mine = thread._replace(number=index, root=places[thread.root])
            known = self._threads.get(index)
            self._threads[index] = _both(known, mine) if known else mine

    def _add_costs(self, tree: CallTree) -> None:
        """Weigh the costs, so that as much is taken from the sum as from its parts."""
        counts = tree.calls, tree.resumes, tree.throws
        every, of_c = sum(map(sum, counts)), 0
        if C_FUNCTION in tree.kind:
            is_c = [kind == C_FUNCTION for kind in tree.kind]
            of_c = sum(sum(compress(column, is_c)) for column in counts)
        entered = [every - of_c, of_c]
        for at, cost in enumerate(tree.costs):
            self._costs[at] += cost * entered[at // 2]
        self._entered = list(map(add, self._entered, entered))

    def _add_header(self, tree: CallTree) -> None:
        total, is_first = self._tree, not self.trees
        for name in _ANY:
            setattr(total, name, getattr(total, name) or getattr(tree, name))
        for name in _SUMS:
            setattr(total, name, getattr(total, name) + getattr(tree, name))
        for name in _SAME:
            mine = getattr(tree, name)
            setattr(
                total, name, mine if is_first or mine == getattr(total, name) else 0
            )
        start = tree.start_unix_ns
        total.start_unix_ns = start if is_first else min(start, total.start_unix_ns)


def merge(trees: Sequence[CallTree]) -> CallTree:
    """Add trees up."""
    merging = Merging()
    for tree in trees:
        merging.add(tree)
    return merging.finish()


def _add(total: array[int], places: list[int], column: Sequence[int]) -> None:
    """Add a column up where its nodes are; what is too big is the biggest."""
    pairs = compress(zip(places, column, strict=True), column)
    place = 0
    while True:
        try:
            for place, value in pairs:
                total[place] += value
        except OverflowError:
            total[place] = _MOST  # and on, behind it
        else:
            return


def _both(one: ThreadInfo, other: ThreadInfo) -> ThreadInfo:
    return one._replace(
        root=one.root or other.root,
        last=max(one.last, other.last),
        off=one.off + other.off,
        running=one.running + other.running,
        max_depth=max(one.max_depth, other.max_depth),
        open=one.open + other.open,
    )
