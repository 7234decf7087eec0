"""The tree that the events of a recording tell, from code and depth alone.

The observer's own tree, `recording.tree`, is asked only for frames that already ran
when the first event came: so the two check each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._image import Image
from frametools._image.layout import C_FUNCTION, FINISHED, PYTHON
from frametools.calltree.tree import CallTree
from frametools.events import ENTER, LEAVE, EventKind

if TYPE_CHECKING:
    from frametools.recording import Recording

_C_LEFT = {EventKind.C_RETURN: "returns", EventKind.C_RAISE: "unwinds"}
_AWAITING = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR


def from_recording(recording: Recording) -> CallTree:
    """Build the tree from the events; there is no CPU time in it."""
    replay = _Replay(recording.tree)
    for thread in recording.threads:
        replay.begin(thread.name, thread.first)
        for row in recording.rows(thread.number):
            replay.event(*row)
        replay.end(thread.ended or recording.tree.wall_ns)
    return _with_header(CallTree.from_image(replay.image), recording.tree)


def _with_header(tree: CallTree, observed: CallTree) -> CallTree:
    for name in (
        "has_c_functions is_cut_early is_cut_late events_dropped pid parent_pid "
        "start_unix_ns wall_ns cpu_ns costs notes".split()
    ):
        setattr(tree, name, getattr(observed, name))
    pairs = zip(observed.threads, tree.threads, strict=True)
    tree.threads = [
        seen._replace(root=mine.root, max_depth=mine.max_depth) for seen, mine in pairs
    ]
    return tree


class _Replay:
    """The stack of one thread after another, moved by its events.

    An entry is node, Python depth, kind and time of entry; a C function has the depth
    of its caller.
    """

    def __init__(self, observed: CallTree) -> None:
        self.observed = observed
        self.image = Image()
        self.image.codes = observed.codes
        self.image.flags = FINISHED
        self.nodes: dict[tuple[int, int, int], int] = {}
        self.suspended: dict[int, int] = {}
        columns = zip(observed.parent, observed.code, observed.kind, strict=True)
        self.c_nodes = {(up, code) for up, code, kind in columns if kind == C_FUNCTION}
        self.stack: list[tuple[int, int, int, int]] = []
        self.first = 0

    def begin(self, name: str, first: int) -> None:
        """Begin a thread whose first event came at `first`."""
        root = self.image.add_thread(name).root
        self.stack = [(root, 0, PYTHON, first)]
        self.first = first

    def end(self, time: int) -> None:
        """Close what is open in the thread."""
        while self.stack:
            self._pop(time)

    def event(self, time: int, kind: int, node: int, argument: int) -> None:
        """Move the stack as an event of the observer's `node` tells."""
        if not self.observed.depths[node]:
            return  # a node that was lost
        if kind in ENTER:
            self._enter(EventKind(kind), node, time, argument)
        elif kind in LEAVE:
            self._leave(EventKind(kind), node, time, argument)
        elif kind == EventKind.CALL and (node, argument) in self.c_nodes:
            self._settle(node, time)
            mine = self._push(argument, self.stack[-1][1], C_FUNCTION, time, C_FUNCTION)
            self.image.calls[mine] += 1
        elif kind in _C_LEFT:
            self._leave_c(EventKind(kind), node, time, argument)

    def _pop(self, time: int) -> None:
        node, _, _, entered = self.stack.pop()
        self.image.wall[node] += max(0, time - entered)

    def _push(self, code: int, depth: int, kind: int, time: int, flags: int) -> int:
        key = self.stack[-1][0], code, kind
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = self.image.add_node(key[0], code, flags)
        self.stack.append((node, depth, kind, time))
        thread = self.image.threads[-1]
        thread.max_depth = max(thread.max_depth, depth)
        return node

    def _push_seen(self, node: int, time: int) -> int:
        seen = self.observed
        where = seen.code[node], seen.depths[node], seen.kind[node]
        return self._push(*where, time, seen.node_flags[node])

    def _close(self, depth: int, time: int) -> None:
        """Take the frames deeper than `depth` off, and what they called."""
        while self.stack[-1][1] > depth:
            self._pop(time)

    def _fill(self, node: int, depth: int) -> None:
        """Put the frames below `node` that ran before its first event on the stack."""
        reached = self.stack[-1][1]
        if reached < depth:
            for below in self.observed.path(node):
                if reached < self.observed.depths[below] <= depth:
                    self._push_seen(below, self.first)

    def _settle(self, node: int, time: int) -> None:
        """Make the frame of `node` the innermost one."""
        depth = self.observed.depths[node]
        self._close(depth, time)
        while self.stack[-1][1] == depth and self.stack[-1][2] == C_FUNCTION:
            self._pop(time)
        self._fill(node, depth)
        if self.image.code[self.stack[-1][0]] != self.observed.code[node]:
            self._pop(time)  # another frame's, whose end was not seen
            self._push_seen(node, self.first)

    def _enter(self, kind: EventKind, node: int, time: int, frame: int) -> None:
        below = self.observed.depths[node] - 1
        self._close(below, time)
        self._fill(node, below)
        mine = self._push_seen(node, time)
        getattr(self.image, ENTER[kind])[mine] += 1
        since = self.suspended.pop(frame, time)
        self.image.awaited[mine] += max(0, time - since)

    def _leave(self, kind: EventKind, node: int, time: int, frame: int) -> None:
        self._settle(node, time)
        mine = self.stack[-1][0]
        getattr(self.image, LEAVE[kind])[mine] += 1
        self._pop(time)
        flags = self.observed.ref(node).flags
        if kind == EventKind.PY_YIELD and flags & _AWAITING:
            self.suspended[frame] = time

    def _leave_c(self, kind: EventKind, node: int, time: int, code: int) -> None:
        self._close(self.observed.depths[node], time)
        mine, _, on_top, _ = self.stack[-1]
        if on_top == C_FUNCTION and self.image.code[mine] == code:
            getattr(self.image, _C_LEFT[kind])[mine] += 1
            self._pop(time)
