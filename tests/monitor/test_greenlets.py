"""Greenlets: a stack for each, whatever the order of switches."""

from __future__ import annotations

import time

import pytest

from frametools.calltree import CallTree

greenlet = pytest.importorskip("greenlet", reason="greenlets need greenlet")


def leaf():
    """Be counted."""
    return 1


def paths(builder):
    """Give the paths of names, with their calls, and check what must always hold."""
    tree = CallTree.from_image(builder.image())
    assert (tree.unmatched, tree.repaired) == (0, 0)
    found = {}
    for node in tree.walk():
        if tree.kind[node] == 0:
            way = [n for n in tree.path(node) if tree.kind[n] == 0]
            names = (tree.ref(n).qualname.rpartition(".")[2] for n in sorted(way))
            found["/".join(names)] = tree.calls[node]
    return found


def test_each_greenlet_has_its_stack(twin, observe):
    """Calls of one greenlet do not hang below those of another."""

    def first():
        leaf()
        two.switch()
        leaf()
        two.switch()

    def second():
        leaf()
        one.switch()
        leaf()

    def main():
        one.switch()

    one, two = greenlet.greenlet(first), greenlet.greenlet(second)
    found = paths(observe(twin.TreeBuilder, main))
    one = two = None
    assert found == {
        "main": 1,
        "first": 1,
        "first/leaf": 2,
        "second": 1,
        "second/leaf": 2,
    }


def test_the_same_function_in_two_greenlets(twin, observe):
    """Two stacks may stand in the same function at a time."""

    def work(other):
        leaf()
        parent.switch()
        leaf()

    def main():
        pair = [greenlet.greenlet(work) for _ in range(2)]
        for each in pair:
            each.switch(None)
        for each in pair:
            each.switch()

    parent = greenlet.getcurrent()
    found = paths(observe(twin.TreeBuilder, main))
    assert found["work"] == 2
    assert found["work/leaf"] == 4


def test_time_away_is_not_theirs(twin, observe):
    """A greenlet's functions do not show the time in which another ran."""

    def sleeper():
        time.sleep(0.03)

    def main():
        greenlet.greenlet(sleeper).switch()

    builder = observe(twin.TreeBuilder, main)
    tree = CallTree.from_image(builder.image())
    walls = {row.code.qualname: row.cum_wall for row in tree.functions(raw=True)}
    assert walls[sleeper.__qualname__] >= 30_000_000
    assert walls[main.__qualname__] < 20_000_000


def test_exceptions_cross_greenlets(twin, load_program, observe):
    """An exception that ends a greenlet goes on in its parent."""
    main = load_program("greenlet_generators").main
    found = paths(observe(twin.TreeBuilder, main))
    assert found["worker"] == 1
    assert found["main"] == 1


def test_the_program_s_greenlets(twin, load_program, observe):
    """Nested greenlets: every call is there once."""
    main = load_program("greenlets").main
    found = paths(observe(twin.TreeBuilder, main))
    assert sum(calls for path, calls in found.items() if path.endswith("leaf")) == 4
    assert sum(calls for path, calls in found.items() if path.endswith("nested")) == 4
