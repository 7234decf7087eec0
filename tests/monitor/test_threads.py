"""Threads: before and after start, ended, named, ignored; frames already running."""

from __future__ import annotations

import os
import threading
import time

from frametools.calltree import CallTree


def tree_of(builder):
    """Read what a builder made."""
    return CallTree.from_image(builder.image())


def count(tree, name):
    """Sum the calls of functions by their last name."""
    return sum(
        tree.calls[node]
        for node in tree.walk()
        if tree.kind[node] == 0 and tree.ref(node).qualname.endswith(name)
    )


def step():
    """Be counted."""
    return 1


def wait_for_the_end(thread):
    """Wait for the kernel's thread, which up to 3.12 ends after join()."""
    for _ in range(2000):
        if not os.path.exists(f"/proc/self/task/{thread.native_id}"):
            return
        time.sleep(0.001)


class Worker:
    """A thread that waits for its turns."""

    def __init__(self):
        self.turns = [threading.Event() for _ in range(3)]
        self.done = [threading.Event() for _ in range(3)]
        self.thread = threading.Thread(target=self.outer, name="worker")
        self.thread.start()

    def outer(self):
        """Call inner()."""
        self.inner()

    def inner(self):
        """Wait for the turns."""
        for turn, done in zip(self.turns, self.done, strict=True):
            turn.wait()
            step()
            done.set()

    def go(self, number):
        """Give a turn, and wait until it is over."""
        self.turns[number].set()
        self.done[number].wait()


def test_threads_that_run_already(twin, observing, has_monitoring):
    """A thread started before has its frames below, which are not counted."""
    worker = Worker()
    worker.go(0)
    with observing(twin.TreeBuilder) as builder:
        worker.go(1)
        worker.go(2)
        worker.thread.join()
    tree = tree_of(builder)
    if not has_monitoring and twin.name == "python":
        assert len(tree.threads) == 1  # 3.11: only C has a way into them
        return
    (thread,) = (t for t in tree.threads if t.name == "worker")
    assert thread.running >= 3
    assert (count(tree, "step"), count(tree, "outer"), count(tree, "inner")) == (
        2,
        0,
        0,
    )
    steps = [n for n in tree.walk() if tree.kind[n] == 0]
    (found,) = (n for n in steps if tree.ref(n).qualname == "step")
    names = [tree.ref(n).qualname for n in tree.path(found) if tree.kind[n] == 0]
    assert "Worker.inner" in names
    assert thread.open == 0


def test_threads_that_start_later(twin, observe):
    """Each has a tree of its own, its name and its end."""

    def main():
        for number in range(3):
            thread = threading.Thread(target=step, name=f"later-{number}")
            thread.start()
            thread.join()
            wait_for_the_end(thread)

    tree = tree_of(observe(twin.TreeBuilder, main))
    assert [t.name for t in tree.threads][1:] == ["later-0", "later-1", "later-2"]
    assert all(t.ended >= t.first > 0 for t in tree.threads[1:])
    assert tree.threads[0].name == "MainThread"
    assert tree.threads[0].ended == 0
    assert count(tree, "step") == 3


def test_frames_that_run_at_start(twin, observing):
    """Frames of the caller are entered without a call, and may be left."""

    def inner():
        with observing(twin.TreeBuilder, skip=0) as builder:
            step()
            return builder

    def outer():
        return inner()

    tree = tree_of(outer())
    assert tree.threads[0].running > 2
    names = {tree.ref(n).qualname for n in tree.walk() if tree.kind[n] == 0}
    assert {inner.__qualname__, outer.__qualname__} <= names
    assert count(tree, "inner") == count(tree, "outer") == 0
    assert count(tree, "step") == 1


def test_skipped_frames(twin, observing):
    """`skip` leaves the innermost frames out; that they end is no fault."""

    def inner():
        with observing(twin.TreeBuilder, skip=2) as builder:
            pass
        return builder

    builder = inner()
    tree = tree_of(builder)
    names = {tree.ref(n).qualname for n in tree.walk() if tree.kind[n] == 0}
    assert inner.__qualname__ in names
    assert tree.unmatched == 0


def test_ignored_threads(twin, observing):
    """A thread that asked for it is not seen."""

    def helper():
        builder.ignore_this_thread()
        step()

    with observing(twin.TreeBuilder) as builder:
        thread = threading.Thread(target=helper)
        thread.start()
        thread.join()
        step()
    assert count(tree_of(builder), "step") == 1


def test_a_generator_crosses_threads(twin, load_program, observe):
    """Its parts are counted where they ran; it was called once."""
    main = load_program("thread_generators").main
    tree = tree_of(observe(twin.TreeBuilder, main))
    parts = [n for n in tree.walk() if tree.kind[n] == 0]
    parts = [n for n in parts if tree.ref(n).qualname == "numbers"]
    assert sum(tree.calls[n] for n in parts) == 1
    assert sum(tree.resumes[n] for n in parts) == 2
    assert len({tree.thread(n).number for n in parts}) == 3
