"""Self and cumulative times, beside a plain definition of them."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from frametools._image import Image, layout
from frametools.calltree import CallTree, Costs, Times
from frametools.events import CodeRef

small = st.integers(0, 50)
costs = st.sampled_from([0.0, 1.7, 20.25])


@st.composite
def trees(draw: st.DrawFn, most: int = 50) -> CallTree:
    """Any trees, whose clocks need not agree: callees may seem longer than callers."""
    image = Image()
    image.codes = [CodeRef("f", "/src/f.py", 1)]
    for name in "AB"[: draw(st.integers(1, 2))]:
        image.add_thread(name)
    for _ in range(draw(st.integers(0, 12))):
        parent = draw(st.integers(1, len(image.parent) - 1))
        image.add_node(parent, 0, draw(st.sampled_from([0, 0, layout.C_FUNCTION])))
    for node in range(1, len(image.parent)):
        image.calls[node], image.resumes[node] = draw(small), draw(small)
        image.wall[node] = draw(st.integers(0, most))
        image.off[node] = draw(st.sampled_from([0, 0, min(draw(small), most)]))
    tree = CallTree.from_image(image)
    tree.costs = Costs(*(draw(costs) for _ in range(4)))
    return tree


def _plain(tree: CallTree, raw: bool) -> Times:
    """Work the times out as they are defined, node by node."""
    walls = list(tree.wall)
    cpus = [wall - off for wall, off in zip(tree.wall, tree.off, strict=True)]
    own = [_own(tree, total, raw) for total in (walls, cpus)]
    return Times(*own, *([_total(tree, times) for times in own]))


def _own(tree: CallTree, total: list[int], raw: bool) -> list[int]:
    own = [0] * len(total)
    for node in range(len(total) - 1, 0, -1):
        children = tree.children(node)
        below = sum(total[child] for child in children)
        total[node] = max(total[node], below)
        lost = 0.0 if raw else _lost(tree, node, True)
        for child in children:
            lost += 0.0 if raw else _lost(tree, child, False)
        own[node] = total[node] - below
        if lost:
            own[node] = int(max(own[node] - lost + 0.5, 0))
    return own


def _lost(tree: CallTree, node: int, is_inside: bool) -> float:
    python = tree.costs[:2]
    inside, outside = tree.costs[2:] if tree.kind[node] == 1 else python
    return tree.activations(node) * (inside if is_inside else outside)


def _total(tree: CallTree, own: list[int]) -> list[int]:
    total = [0] * len(own)
    for node in range(len(own) - 1, 0, -1):
        total[node] = own[node] + sum(total[child] for child in tree.children(node))
    return total


@given(trees(), st.booleans())
def test_times_are_as_defined(tree: CallTree, raw: bool) -> None:
    """Each node has what it took less its callees and their cost, never below 0."""
    assert tree.times(raw=raw) == _plain(tree, raw)


@given(trees(most=2**64 - 1))
def test_times_that_fill_64_bits_are_as_exact(tree: CallTree) -> None:
    """A merge counts what is too big as the biggest: sums pass 64 bits."""
    assert tree.times(raw=True) == _plain(tree, raw=True)


def test_a_long_chain_of_clocks_that_disagree_is_evened_out() -> None:
    """What the innermost call took is what each of its callers took at least."""
    depth = 3_000
    tree = CallTree()
    tree.parent = array("I", [0, *range(depth)])
    tree.kind = bytes([0, layout.ROOT]) + bytes(depth - 1)
    tree.wall = array("Q", [0, *range(1, depth + 1)])
    tree.off = tree.calls = tree.resumes = tree.throws = array(
        "Q", bytes(8 * depth + 8)
    )
    times = tree.times()
    assert times.cum_wall[2:] == [depth] * (depth - 1)
    assert times.self_wall[2:] == [0] * (depth - 2) + [depth]
