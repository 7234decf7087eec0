"""What makes an `Image` consistent: checks, and what a killed process left open."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from operator import ge, itemgetter
from struct import iter_unpack

from frametools._image import layout
from frametools._image.layout import Image, ThreadRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def ordered(ids: array[int]) -> int:
    """Count the leading nodes whose id is their position."""
    if ids == array("I", range(len(ids))):
        return len(ids)
    return next(position for position, node in enumerate(ids) if node != position)


def check_tree(
    image: Image, torn: Callable[[str], None], damaged: Callable[[str], NoReturn]
) -> None:
    """Make sure that each node has a parent before it, a name, and a thread.

    `torn` is told what only an unfinished file may lack, `damaged` what none may.
    """
    kinds = image.kinds()
    if image.parent[0] or any(map(ge, image.parent[1:], range(1, len(image.parent)))):
        damaged("a node comes before its parent")
    orphans = _positions(image.parent, 0)
    roots = _positions(kinds, layout.ROOT)
    if orphans != roots or 3 in kinds[1:]:
        damaged("the kind of a node")
    _check_threads(image, roots, torn)
    if max(image.code) >= len(image.codes):
        _name_nodes(image, kinds, torn)


def _positions(column: array[int] | bytes, value: int) -> list[int]:
    found, at = [], 0
    try:
        while True:
            at = column.index(value, at + 1)
            found.append(at)
    except ValueError:
        return found


def _check_threads(image: Image, roots: list[int], torn: Callable[[str], None]) -> None:
    by_thread = {image.code[root]: root for root in roots}
    if len(by_thread) != len(roots):
        torn("two roots of a thread")
    for index, thread in enumerate(image.threads):
        root = by_thread.pop(index, 0)
        if thread.root != root:
            torn(f"thread {index}")
        thread.root = root
    known = {thread.root for thread in image.threads}
    for root in roots:
        if root not in known:
            torn("a root without a thread")
            image.code[root] = len(image.threads)
            image.threads.append(ThreadRecord(len(image.threads), "", root))


def _name_nodes(image: Image, kinds: bytes, torn: Callable[[str], None]) -> None:
    lost = len(image.codes)
    for node, code in enumerate(image.code):
        if node and code >= lost and kinds[node] != layout.ROOT:
            torn("the name of a node")
            image.code[node] = lost
            if len(image.codes) == lost:
                image.codes.append(layout.LOST)


def close_open(
    image: Image,
    nodes: list[tuple[int, int, int]],
    stacks: list[tuple[int, memoryview]],
    order: str,
) -> None:
    """End the open activations at the last moment that the file knows.

    `nodes` gives the run-time address, first id and room of each NODES extent in order
    of address, `stacks` the address and bytes of each STACK extent. An entry that was
    being written is left out.
    """
    now = max([image.tick_now, *(thread.last for thread in image.threads)])
    image.tick_now = now
    for thread in image.threads:
        thread.open = 0
        thread.off = max(thread.off, thread.quiet_off)
        for address, entered, off, _ in _entries(thread, stacks, order):
            node = _node_at(address, nodes)
            if 0 < node < len(image.parent):
                thread.open += 1
                if not image.flags & layout.SAMPLED:
                    image.wall[node] += max(0, now - entered)
                    image.off[node] += max(0, thread.off - off)


def _entries(
    thread: ThreadRecord, stacks: list[tuple[int, memoryview]], order: str
) -> list[tuple[int, ...]]:
    size = 32
    for base, data in stacks:
        first, end = thread.bottom + size - base, thread.sp + size - base
        if size <= first <= end <= len(data) and (end - first) % size == 0:
            return list(iter_unpack(order + layout.STACK_ENTRY, data[first:end]))
    return []


def _node_at(address: int, nodes: list[tuple[int, int, int]]) -> int:
    """Find the id of the node at a run-time address; 0 if there is none."""
    at = bisect_right(nodes, address, key=itemgetter(0)) - 1
    base, first, count = nodes[at] if at >= 0 else (0, 0, 0)
    node, rest = divmod(address - base, layout.NODE_SIZE)
    return first + node if node < count and not rest else 0


def valid_rows(rows: array[int], nodes: int) -> int:
    """Count the leading rows whose kind and node exist."""
    data = memoryview(rows).cast("B")
    words = data.cast("I")
    kinds = bytes(data[0 if sys.byteorder == "little" else 7 :: 16])
    if not rows or (layout.EVENT_KINDS.issuperset(kinds) and max(words[2::4]) < nodes):
        return len(kinds)
    fine = (
        kind in layout.EVENT_KINDS and node < nodes
        for kind, node in zip(kinds, words[2::4], strict=True)
    )
    return next(index for index, ok in enumerate(fine) if not ok)


def swapped_rows(rows: array[int]) -> array[int]:
    """Give rows of the other byte order in this machine's."""
    words = array("I", rows.tobytes())
    words.byteswap()
    words[0::4], words[1::4] = words[1::4], words[0::4]
    return array("Q", words.tobytes())
