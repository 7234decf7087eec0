"""The same calls with a root for each task: the tree of `CallTree.by_task`."""

from __future__ import annotations

from array import array

from frametools._image.layout import ROOT
from frametools._image.notes import task_notes, write_notes
from frametools.calltree.memory import add_memory, write_memory
from frametools.calltree.tasks import own_part
from frametools.calltree.times import Times, cumulative
from frametools.calltree.tree import COUNTS, TIMES, CallTree, ThreadInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SAME = tuple(
    "is_finished is_sampled has_c_functions is_pure_python has_lost_nodes pid "
    "parent_pid start_unix_ns wall_ns cpu_ns unmatched repaired costs".split()
)


def by_task(tree: CallTree) -> CallTree:
    """Lift each task out from under its event loop; see `CallTree.by_task`."""
    return _ByTask(tree)


class _ByTask(CallTree):
    """A tree whose nodes are those of another one under other roots.

    What monitoring cost a caller stands in its own time. A caller whose callees were
    lifted away does not tell any more how many they were, so self times are those of
    the other tree.
    """

    def __init__(self, base: CallTree) -> None:
        super().__init__()
        self._base = base
        for name in _SAME:
            setattr(self, name, getattr(base, name))
        self.codes = base.codes
        places = self._grow()
        for name in COUNTS:
            setattr(self, name, self._sum(places, getattr(base, name)))
        for name in TIMES:
            own = self._sum(places, own_part(getattr(base, name), base.parent))
            setattr(self, name, array("Q", cumulative(own, self.parent)))
        self._places = places
        memory = add_memory(None, base.memory, places)
        written = None if memory is None else write_memory(memory)
        self.notes = write_notes(base.info, base.exceptions, written)
        self.notes += task_notes(base.task_names)

    def _grow(self) -> list[int]:
        """Make the roots and the nodes; gives the node here of each one there."""
        base = self._base
        tasks = base.tasks()
        parent, flags = [0], [0]
        code = [0]
        for number, name in enumerate(
            [*(kind.label for kind in tasks.kinds), *(t.name for t in base.threads)]
        ):
            self.threads.append(ThreadInfo(number, name, number + 1))
            parent.append(0)
            code.append(number)
            flags.append(ROOT)
        known: dict[tuple[int, int, int], int] = {}
        begins, of_node = set(tasks.begins), tasks.of_node
        first = len(tasks.kinds)
        places = [0]
        columns = zip(base.parent, base.code, base.node_flags, strict=True)
        next(columns)
        for node, (up, at, flag) in enumerate(columns, 1):
            if flag & 3 == ROOT:
                places.append(first + at + 1)
                continue
            above = of_node[node] + 1 if node in begins else places[up]
            key = above, at, flag & 3
            place = known.get(key)
            if place is None:
                place = known[key] = len(parent)
                parent.append(above)
                code.append(at)
                flags.append(flag)
            places.append(place)
        self.parent, self.code = array("I", parent), array("I", code)
        self.node_flags = array("I", flags)
        self.kind = bytes(flag & 3 for flag in flags)
        return places

    def _sum(self, places: Sequence[int], column: Sequence[int]) -> array[int]:
        total = array("Q", bytes(8 * len(self.parent)))
        for place, value in zip(places, column, strict=True):
            total[place] += value
        return total

    def times(self, *, raw: bool = False) -> Times:
        """Give the times of the other tree, under the roots of this one."""
        if raw not in self._times:
            found = self._base.times(raw=raw)
            owns = [list(self._sum(self._places, column)) for column in found[:2]]
            totals = [cumulative(own, self.parent) for own in owns]
            self._times[raw] = Times(*owns, *totals)
        return self._times[raw]
