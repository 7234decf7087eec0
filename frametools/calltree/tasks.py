"""By task: which calls ran in which task of asyncio, trio or another event loop.

    thread                            task fetch (of 1,000 tasks), task "crawler", ...
      run_once                          fetch
        Handle._run                       parse
          fetch      a task begins      thread
            parse                         run_once
          on_timer   in no task             Handle._run
                                              on_timer

The tree alone tells: a coroutine that no other one awaits is the outermost one of a
task, whatever event loop steps it. Inside a task another one begins where an event loop
of asyncio runs a handle, or makes a task eagerly. Tasks that bear a name of their own
are known by it (`task_names`), all others by the function of that coroutine.
"""

from __future__ import annotations

from array import array
from collections import namedtuple
from itertools import count
from operator import add
from os.path import basename, dirname
from sys import byteorder

from frametools._image.layout import ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.calltree.tree import CallTree
    from frametools.events import CodeRef

    Key = tuple[str, CodeRef | None]

MOST = 100
"""Roots that stand for tasks, at most; the lightest of more are one together."""
_AWAITS = bytes(flags & 4 for flags in range(256))
"""The flag of coroutines and async generators in the low byte of a node's flags."""
_STEPS = {
    ("Handle._run", "events.py"),
    ("BaseEventLoop.create_task", "base_events.py"),
    ("create_task", "tasks.py"),
    ("create_eager_task_factory.<locals>.factory", "tasks.py"),
    ("TaskGroup.create_task", "taskgroups.py"),
}
"""Functions of asyncio below which a coroutine is a task's, if another one calls."""


class TaskKind(namedtuple("TaskKind", "name code tasks steps kinds")):
    """Tasks of one name, or of one function."""

    __slots__ = ()

    name: str
    """The name that they were given; empty where they are known by their function."""
    code: CodeRef | None
    """Their outermost coroutine; None for those of several kinds."""
    tasks: int
    """How many began."""
    steps: int
    """How often they ran, until they were suspended or ended."""
    kinds: int
    """Of how many names and functions they are: 1, but for the other tasks."""

    @property
    def title(self) -> str:
        """Say which tasks they are: `fetch`, a name in quotes, or `other tasks`."""
        if self.name:
            return f'"{self.name}"'
        if self.code is None:
            return "other tasks"
        return self.code.qualname.replace(".<locals>.", ".")

    @property
    def label(self) -> str:
        """The same beside names of threads: `task fetch`."""
        return self.title if self.kinds > 1 else f"task {self.title}"


class TaskStats(namedtuple("TaskStats", "kind calls cpu wall awaited")):
    """What the tasks of a kind did; times are ns."""

    __slots__ = ()

    kind: TaskKind
    calls: int
    """Calls in them, those of their outermost coroutine too."""
    cpu: int
    wall: int
    """Time in which they ran."""
    awaited: int
    """Time in which they were suspended."""


class Tasks:
    """The kinds of tasks in a tree, and to which of them each node belongs."""

    __slots__ = ("begins", "kinds", "of_node")

    def __init__(
        self, kinds: list[TaskKind], of_node: array[int], begins: list[int]
    ) -> None:
        self.kinds = kinds
        """Those with most CPU time first, the other tasks last."""
        self.of_node = of_node
        """An index into `kinds`; -1 for what ran in no task."""
        self.begins = begins
        """The nodes at which tasks begin, in their order."""


def find_tasks(tree: CallTree, most: int = MOST) -> Tasks:
    """Find the tasks of a tree; O(nodes). Without a coroutine there are none."""
    of_node, begins, keys = _follow(tree)
    if not keys:
        return Tasks([], of_node, [])
    kinds, weights = _kinds(tree, of_node, begins, keys)
    order = sorted(range(len(kinds)), key=lambda at: ([-x for x in weights[at]], at))
    own = order if len(order) <= most else order[: most - 1]
    place = array("i", [len(own)]) * len(kinds) + array("i", [-1])  # of -1, the last
    for at, kind in enumerate(own):
        place[kind] = at
    found = [kinds[at] for at in own]
    others = [kinds[at] for at in order[len(own) :]]
    if others:
        columns = zip(*(kind[2:] for kind in others), strict=True)
        found.append(TaskKind("", None, *map(sum, columns)))
    return Tasks(found, array("i", map(place.__getitem__, of_node)), begins)


def measure_tasks(tree: CallTree, *, raw: bool = False) -> list[TaskStats]:
    """Give what the tasks of each kind did, and what ran in none; O(nodes).

    The last row is that, of a kind without a name; there is none without tasks.
    """
    tasks, times = tree.tasks(), tree.times(raw=raw)
    if not tasks.kinds:
        return []
    awaited = own_part(tree.awaited, tree.parent)
    sums = []
    for column in (tree.calls, times.self_cpu, times.self_wall, awaited):
        total = [0] * (len(tasks.kinds) + 1)
        for at, value in zip(tasks.of_node, column, strict=True):
            total[at] += value
        sums.append(total)
    kinds = [*tasks.kinds, TaskKind("", None, 0, 0, 0)]
    return [TaskStats(*row) for row in zip(kinds, *sums, strict=True)]


def _follow(tree: CallTree) -> tuple[array[int], list[int], list[Key]]:
    """Give each node's task, the nodes at which one begins, and what tasks there are.

    A node's flags tell if anything may begin there: most nodes take one look.
    """
    flags, parent, code = tree.node_flags, tree.parent, tree.code
    of_node = array("i", [-1]) * len(parent)
    keys: list[Key] = []
    known: dict[Key, int] = {}
    awaits = _awaiting(flags)
    if not any(awaits):
        return of_node, [], []
    names = tree.task_names
    is_step = [_is_step(ref) for ref in tree.codes]
    steps = bytearray(len(parent))
    begins = []
    kind = tree.kind
    for node, up, at, is_awaiting in zip(count(), parent, code, awaits, strict=False):
        task = of_node[up]
        if not is_awaiting:
            if task >= 0:
                of_node[node] = task
                steps[node] = steps[up] or is_step[at]
        elif kind[node] != ROOT:
            name = names.get(at, "")
            is_part = awaits[up] or _is_thrown_only(tree, node)
            if task < 0 and not name and is_part:
                continue
            if task < 0 or steps[up] or (name and name != keys[task][0]):
                key = (name, None if name else tree.codes[at])
                task = known.setdefault(key, len(known))
                if task == len(keys):
                    keys.append(key)
                begins.append(node)
            of_node[node] = task
    return of_node, begins, keys


def _is_thrown_only(tree: CallTree, node: int) -> bool:
    """Tell if exceptions are all that entered a node.

    What is thrown into a task, as by cancel(), comes to its innermost coroutine first:
    that is no task, and of which one it is a part nobody knows.
    """
    return bool(tree.throws[node]) and not (tree.calls[node] or tree.resumes[node])


def _awaiting(flags: array[int]) -> bytes:
    """Tell of each node if it is a coroutine or async generator; in C."""
    low = 0 if byteorder == "little" else flags.itemsize - 1
    return flags.tobytes()[low :: flags.itemsize].translate(_AWAITS)


def _is_step(code: CodeRef) -> bool:
    path = code.filename
    if (code.qualname, basename(path)) not in _STEPS:
        return False
    return basename(dirname(path)) == "asyncio"


def _kinds(
    tree: CallTree, of_node: array[int], begins: list[int], keys: list[Key]
) -> tuple[list[TaskKind], list[list[int]]]:
    """Add up what the first nodes of each kind tell, and how heavy it is."""
    codes: dict[int, CodeRef] = {}
    counts = [[0, 0] for _ in keys]
    weights = [[0, 0, 0] for _ in keys]
    for node in begins:
        at = of_node[node]
        codes.setdefault(at, tree.ref(node))
        wall = tree.wall[node]
        figures = wall - tree.off[node], wall, tree.awaited[node]
        weights[at] = list(map(add, weights[at], figures))
        tasks, steps = counts[at]
        counts[at] = [tasks + tree.calls[node], steps + tree.activations(node)]
    kinds = [
        TaskKind(name, codes[at], tasks, steps, 1)
        for at, ((name, _), (tasks, steps)) in enumerate(zip(keys, counts, strict=True))
    ]
    return kinds, weights


def own_part(total: Sequence[int], parent: Sequence[int]) -> list[int]:
    """Give what callees leave of each total; one below theirs is raised to it."""
    below = [0] * len(total)
    own = list(total)
    for node in range(len(total) - 1, 0, -1):
        here = max(total[node], below[node])
        own[node] = here - below[node]
        below[parent[node]] += here
    return own
