"""A tree without some of its calls: those of whoever runs the program."""

from __future__ import annotations

from itertools import compress

from frametools._image.layout import ROOT
from frametools.calltree.file import to_image
from frametools.calltree.tree import COUNTS, TIMES, CallTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def without(tree: CallTree, tops: Iterable[int]) -> CallTree:
    """Leave out nodes, and all below them; with the root of a thread the thread.

    O(nodes). The tree must have neither events nor memory. Times of the nodes above
    stay what they were.
    """
    image, dropped = to_image(tree), set(tops)
    if not dropped:
        return tree
    threads = [each for each in image.threads if each.root not in dropped]
    numbers = {each.root: at for at, each in enumerate(threads)}
    places, is_left, parent, code = [0], [True], [0], [0]
    columns = enumerate(zip(tree.parent, tree.code, tree.kind, strict=True))
    next(columns)
    for node, (above, at, kind) in columns:
        is_left.append(node not in dropped and is_left[above])
        places.append(len(parent))
        if is_left[-1]:
            parent.append(places[above])
            code.append(numbers[node] if kind == ROOT else at)
    for name in ("node_flags", *COUNTS, *TIMES):
        column = getattr(image, name)
        setattr(image, name, type(column)(column.typecode, compress(column, is_left)))
    for name, values in (("parent", parent), ("code", code)):
        column = getattr(image, name)
        setattr(image, name, type(column)(column.typecode, values))
    for number, thread in enumerate(threads):
        thread.index, thread.root = number, places[thread.root]
    image.threads = threads
    return CallTree.from_image(image)


def subtrees_of(
    tree: CallTree, tops: Sequence[int], belongs: Callable[[str], bool]
) -> list[int]:
    """Give those of `tops` below which, and in which, every file belongs; O(nodes)."""
    foreign = {at for at, each in enumerate(tree.codes) if not belongs(each.filename)}
    found = []
    for top in tops:
        waiting, is_pure = [top], True
        while waiting and is_pure:
            node = waiting.pop()
            is_pure = tree.kind[node] == ROOT or tree.code[node] not in foreign
            waiting += tree.children(node)
        if is_pure:
            found.append(top)
    return found
