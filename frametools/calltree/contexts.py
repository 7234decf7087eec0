"""Every context of several trees, once: what makes nodes of two trees the same."""

from __future__ import annotations

from array import array
from types import MappingProxyType

from frametools._image.layout import ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from frametools.calltree.tree import CallTree
    from frametools.events import CodeRef

NO_NAMES: Mapping[CodeRef, CodeRef] = MappingProxyType({})


class Contexts:
    """The nodes of a common tree, to which those of others are led.

    Two nodes are the same if their callers are, and the names of their code; two
    threads, if each is the n-th of its name in its tree. About 200 bytes per node.
    """

    __slots__ = (
        "_callees",
        "_with_names",
        "code",
        "codes",
        "node_flags",
        "parent",
        "threads",
    )

    def __init__(self, *, with_names: bool = False) -> None:
        """Begin without any; `with_names` tells named tasks of one function apart."""
        self._with_names = with_names
        self.codes: dict[tuple[CodeRef, str], int] = {}
        """Functions, each with the name of the tasks that it begins, if any."""
        self.threads: dict[tuple[str, int], int] = {}
        self.parent, self.code = array("I", [0]), array("I", [0])
        self.node_flags = array("I", [0])
        self._callees: list[dict[int, int]] = [{}]
        """Of each node, the nodes below it by code and kind."""

    def __len__(self) -> int:
        """Count the nodes, and the entry that is none."""
        return len(self.parent)

    def place(
        self, tree: CallTree, names: Mapping[CodeRef, CodeRef] = NO_NAMES
    ) -> list[int]:
        """Take a tree in: gives the common node of each of its nodes; O(nodes).

        Code that is among `names` is known by the name that it has there.
        """
        tasks = tree.task_names if self._with_names else {}
        named = [
            (names.get(code, code), tasks.get(at, ""))
            for at, code in enumerate(tree.codes)
        ]
        codes = [self.codes.setdefault(each, len(self.codes)) for each in named]
        threads = [
            self.threads.setdefault(key, len(self.threads)) for key in thread_keys(tree)
        ]
        low = [code << 2 for code in codes]
        callees, places = self._callees, [0]
        columns = zip(tree.parent, tree.code, tree.kind, strict=True)
        next(columns)
        for parent, code, kind in columns:
            key = kind | (threads[code] << 2 if kind == ROOT else low[code])
            node = callees[places[parent]].get(key)
            if node is None:
                flags = tree.node_flags[len(places)]
                node = self._grow(places[parent], key, flags)
            places.append(node)
        return places

    def _grow(self, parent: int, key: int, flags: int) -> int:
        """Add a node that no tree had."""
        node = self._callees[parent][key] = len(self.parent)
        self._callees.append({})
        self.parent.append(parent)
        self.code.append(key >> 2)
        self.node_flags.append(flags)
        return node


def thread_keys(tree: CallTree) -> list[tuple[str, int]]:
    """Name each thread: by its name, and its number among those of that name."""
    seen: dict[str, int] = {}
    keys = []
    for thread in tree.threads:
        seen[thread.name] = seen.get(thread.name, 0) + 1
        keys.append((thread.name, seen[thread.name]))
    return keys
