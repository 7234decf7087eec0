"""What the page knows in bytes: memory that was sampled, and what frames keep.

Both are known only for some nodes. What frames alive at exit keep is known by
function; its places in the tree share it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right

from frametools._image.layout import ROOT
from frametools.calltree.memory import write_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from frametools.calltree import CallTree
    from frametools.events import CodeRef

    Known = dict[tuple[str, str], list[tuple[int, int]]]

_MOST = 1 << 50
"""Bytes that a damaged file may name for one row, so that a column can hold them."""


def memory(tree: CallTree) -> dict[str, Any] | None:
    """Give what `--memory` sampled, as a data file has it; None if it did not."""
    return write_memory(tree.memory) if tree.memory else None


def by_name(functions: list[CodeRef]) -> Known:
    """Give first lines and numbers of the functions of a name in a file, in order."""
    known: Known = {}
    for at, code in enumerate(functions):
        places = known.setdefault((code.qualname, code.filename), [])
        places.append((code.firstlineno, at))
    for places in known.values():
        places.sort()
    return known


def function_of(known: Known, row: dict[str, Any]) -> int:
    """Number the function of a frame by name and current line; -1 if not known."""
    places = known.get((row["function"], row["filename"]))
    if not places:
        return -1
    after = bisect_right(places, row["line"], key=lambda place: place[0])
    return places[max(after - 1, 0)][1]


def kept(tree: CallTree, index: list[int], rows: list[dict[str, Any]]) -> array[int]:
    """Give each node the bytes that its frames alive at exit keep; O(nodes).

    A row tells `fn`, the number of a function. Where that has several nodes they share
    the bytes: those of frames that are suspended by activations that did not end, those
    of frames that an exception left by how often one did; else by calls.
    """
    column = array("Q", bytes(8 * len(tree.parent)))
    nodes: dict[int, list[int]] = {row["fn"]: [] for row in rows}
    for node, (code, kind) in enumerate(zip(tree.code, tree.kind, strict=True)):
        if node and kind != ROOT and index[code] in nodes:
            nodes[index[code]].append(node)
    for row in rows:
        places = nodes[row["fn"]]
        size = min(max(row["size"], 0), _MOST)
        shares = _shares(size, _weights(tree, row["kind"], places))
        for node, share in zip(places, shares, strict=True):
            column[node] += share
    return column


def _weights(tree: CallTree, kind: str, nodes: list[int]) -> list[int]:
    """Say how likely frames of that kind are of each of the nodes."""
    found = [0]
    if kind == "suspended":
        found = [_unended(tree, node) for node in nodes]
    elif kind != "caller":
        found = [tree.unwinds[node] for node in nodes]
    if not any(found):
        found = [tree.calls[node] for node in nodes]
    return found if any(found) else [1] * len(nodes)


def _unended(tree: CallTree, node: int) -> int:
    return max(0, tree.calls[node] - tree.returns[node] - tree.unwinds[node])


def _shares(size: int, weights: Sequence[int]) -> list[int]:
    """Divide whole bytes by weight; the parts make up the whole."""
    total, reached, given = sum(weights), 0, 0
    shares = []
    for weight in weights:
        reached += weight
        shares.append(size * reached // total - given)
        given += shares[-1]
    return shares
