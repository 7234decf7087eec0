"""Counts are exact: as many calls as a plain sys.setprofile counter sees."""

from __future__ import annotations

import pytest

from frametools.calltree import CallTree

UNCOUNTED = {
    "programs.greenlets": "setprofile does not follow greenlets",
    "programs.greenlet_generators": "setprofile does not follow greenlets",
    "programs.recursion_error": "a hook written in Python takes stack of its own",
    "programs.thread_bare": "threading.setprofile does not reach _thread",
}


def test_calls_as_counted_plainly(twin, program, observe, count_plainly, calls_of):
    """For every function of a program the plain counter and the tree agree."""
    if program.__name__ in UNCOUNTED:
        pytest.skip(UNCOUNTED[program.__name__])
    plain = count_plainly(program)
    builder = observe(twin.TreeBuilder, program.main)
    tree = CallTree.from_image(builder.image())
    assert calls_of(tree, program) == plain.calls


def test_events_balance(twin, program, observe):
    """In each thread as many frames are left as were entered."""
    builder = observe(twin.TreeBuilder, program.main)
    tree = CallTree.from_image(builder.image())
    entered, left = per_thread(tree)
    assert entered == left
    assert tree.unmatched == 0
    assert tree.is_finished


def test_nothing_is_open_after_main(twin, program, observe, has_monitoring):
    """What main() began is over when it returns, in its own thread."""
    is_removed = not has_monitoring and twin.name == "python"
    if is_removed and program.__name__ == "programs.recursion_error":
        pytest.skip("3.11 removes a profile function at the end of the stack")
    builder = observe(twin.TreeBuilder, program.main)
    tree = CallTree.from_image(builder.image())
    assert tree.threads[0].open == 0
    assert tree.threads[0].running == 0


def per_thread(tree):
    """Sum enters and leaves of Python functions by thread."""
    entered = [thread.running for thread in tree.threads]
    left = [thread.open for thread in tree.threads]
    number = [0] * len(tree.parent)
    for node in tree.walk():
        kind, parent = tree.kind[node], tree.parent[node]
        number[node] = tree.code[node] if kind == 2 else number[parent]
        if kind == 0:
            activations = tree.calls[node] + tree.resumes[node] + tree.throws[node]
            entered[number[node]] += activations
            ends = tree.returns[node] + tree.yields[node] + tree.unwinds[node]
            left[number[node]] += ends
    return entered, left
