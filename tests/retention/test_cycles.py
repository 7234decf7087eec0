"""Nodes that lead back to themselves, and how the question scales."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools import retention
from frametools.retention.asking import assert_collectable
from frametools.retention.groups.cycles import components, ways_round


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([[]], {}),
        ([[0]], {0: 0}),
        ([[1], [2], [1]], {1: 2, 2: 1}),
        ([[1, 2], [], [0]], {0: 2, 2: 0}),
        ([[1], [0, 2], [3], [2]], {0: 1, 1: 0, 2: 3, 3: 2}),
    ],
)
def test_ways_round(edges: list[list[int]], expected: dict[int, int]) -> None:
    """Each node of a cycle is told with the next one on it."""
    assert ways_round(edges, range(len(edges))) == expected


def reached(edges: list[list[int]], begin: int) -> set[int]:
    """Return what a node leads to, by at least one edge."""
    found: set[int] = set()
    todo = [begin]
    while todo:
        new = set(edges[todo.pop()]) - found
        found |= new
        todo += new
    return found


@given(st.lists(st.lists(st.integers(0, 7), max_size=4), min_size=8, max_size=8))
def test_components(edges: list[list[int]]) -> None:
    """Two nodes are of one component if each leads to the other; none else are."""
    found = components(edges, range(8))
    leads = [reached(edges, node) for node in range(8)]
    for one in range(8):
        for other in range(8):
            mutual = one == other or (other in leads[one] and one in leads[other])
            assert (found[one] == found[other]) == mutual
    assert set(ways_round(edges, range(8))) == {n for n in range(8) if n in leads[n]}


def descend(levels: int) -> None:
    """Fail so many levels below."""
    if levels == 0:
        raise ValueError
    descend(levels - 1)


def cyclic(levels: int) -> Exception:
    """Return an exception that a frame of its own traceback has."""
    try:
        descend(levels)
    except ValueError as error:
        kept = error
    return kept


def test_each_frame_is_looked_at_a_few_times() -> None:
    """Twice the frames in a cycle are twice the work, not four times."""

    def work(levels: int) -> int:
        steps = 0

        def count(*_: object) -> None:
            nonlocal steps
            steps += 1

        error = cyclic(levels)
        problems = ""
        sys.setprofile(count)
        try:
            assert_collectable(error)
        except AssertionError as found:
            problems = str(found)
        finally:
            sys.setprofile(None)
        assert "in a cycle: frame.f_locals['kept']" in problems
        return steps

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 2000)
    before = retention.snapshot()
    try:
        work(10)
        base, some, more = work(0), work(300), work(600)
    finally:
        sys.setrecursionlimit(limit)
    assert more - base < 2.5 * (some - base)
    assert [leak for leak in retention.diff(before) if "descend" in str(leak)] == []
