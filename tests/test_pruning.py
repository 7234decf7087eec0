"""A tree without some of its calls."""

from __future__ import annotations

import pytest

from frametools._image import Image
from frametools._image.layout import PYTHON
from frametools.calltree import CallTree
from frametools.calltree.pruning import subtrees_of, without
from frametools.events import CodeRef


@pytest.fixture
def tree() -> CallTree:
    """Two threads; in the first a call of `a` and one of `b`, each with a callee."""
    image = Image()
    image.codes = [CodeRef(name, f"/{name}.py", 1) for name in "abc"]
    for name, codes in (("first", (0, 1)), ("second", (2,))):
        root = image.add_thread(name).root
        for number, code in enumerate(codes, 1):
            node = image.add_node(root, code, PYTHON)
            below = image.add_node(node, 2, PYTHON)
            image.calls[node] = image.calls[below] = number
            image.wall[node], image.wall[below] = 10 * number, 4 * number
    return CallTree.from_image(image)


def shown(tree: CallTree) -> list[tuple[str, int, int]]:
    """Give name, calls and cumulative wall time of each node."""
    walls = tree.times(raw=True).cum_wall
    return [
        (tree.ref(node).qualname, tree.calls[node], walls[node])
        for node in range(1, len(tree.parent))
    ]


def test_a_subtree(tree: CallTree) -> None:
    """It goes with all below it, and its thread has its time no more."""
    top = tree.children(tree.threads[0].root)[0]
    assert shown(without(tree, [top])) == [
        ("first", 0, 20),
        ("b", 2, 20),
        ("c", 2, 8),
        ("second", 0, 10),
        ("c", 1, 10),
        ("c", 1, 4),
    ]


def test_a_thread(tree: CallTree) -> None:
    """The root of a thread takes the thread with it."""
    left = without(tree, [tree.threads[0].root])
    assert [thread.name for thread in left.threads] == ["second"]
    assert shown(left) == [("second", 0, 10), ("c", 1, 10), ("c", 1, 4)]
    assert without(tree, []) is tree


def test_whose_subtrees(tree: CallTree) -> None:
    """Those in which no file is another's."""
    first, second = (thread.root for thread in tree.threads)
    a, b = tree.children(first)
    tops = [first, second, a, b]
    assert subtrees_of(tree, tops, lambda file: file != "/a.py") == [second, b]
