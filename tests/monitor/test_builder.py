"""TreeBuilder: its file, its filters, fork, and what it does when things go wrong."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import textwrap
import weakref

import pytest

from frametools._image import read
from frametools.calltree import CallTree
from frametools.monitor.backend import HIDDEN, choose


def leaf():
    """Be counted."""


def names_of(tree):
    """Give the names of the functions in a tree."""
    return {tree.ref(n).qualname for n in tree.walk() if tree.kind[n] == 0}


# --- the image ---


def test_image_while_running(twin, observing):
    """An image can be taken at any time; it is marked as not finished."""
    with observing(twin.TreeBuilder) as builder:
        leaf()
        image = builder.image()
        leaf()
    tree, later = CallTree.from_image(image), CallTree.from_image(builder.image())
    assert (tree.is_finished, later.is_finished) == (False, True)
    assert "leaf" in names_of(tree)
    assert sum(later.calls) > sum(tree.calls)


def test_open_frames_are_closed_in_an_image(twin, observing):
    """What is open in the midst counts as a call, with the time until then."""

    def inner():
        return builder.image()

    with observing(twin.TreeBuilder) as builder:
        tree = CallTree.from_image(inner())
    (node,) = (n for n in tree.walk() if tree.ref(n).qualname == inner.__qualname__)
    assert (tree.calls[node], tree.returns[node]) == (1, 0)
    assert tree.wall[node] > 0


def test_where_threads_are(twin, observing):
    """`running` tells the innermost node and the CPU time of each thread that lives."""

    def inner():
        return builder.running()

    with observing(twin.TreeBuilder) as builder:
        before = builder.running()
        ((thread, node, cpu),) = inner()
    tree = CallTree.from_image(builder.image())
    assert tree.ref(node).qualname == inner.__qualname__
    assert tree.thread(node).number == thread == 0
    assert 0 < before[0][2] <= cpu


def test_stop_is_idempotent(twin, observing):
    """A second stop changes nothing, and no event comes after the first."""
    with observing(twin.TreeBuilder) as builder:
        leaf()
    before = builder.image()
    builder.stop()
    leaf()
    assert builder.image() == before


def test_notes_and_costs(twin):
    """Notes and costs are in the image as they were given."""
    builder = twin.TreeBuilder()
    builder.note(2, json.dumps({"key": "value"}).encode())
    builder.set_costs(1.5, 2.5, 3.5, 4.5)
    tree = CallTree.from_image(builder.image())
    assert tree.info == {"key": "value"}
    assert tuple(tree.costs) == (1.5, 2.5, 3.5, 4.5)


def test_stats(twin, load_program, observe):
    """The counts of stats() are those of the image."""
    builder = observe(twin.TreeBuilder, load_program("deep_recursion").main)
    stats, tree = builder.stats(), CallTree.from_image(builder.image())
    assert stats["nodes"] == len(tree)
    assert stats["codes"] == len(tree.codes)
    assert stats["threads"] == len(tree.threads) == 1
    assert stats["max_depth"] == tree.max_depth > 20_000
    assert stats["depth"] == stats["unmatched"] == stats["repaired"] == 0
    assert stats["bytes"] > 100 * stats["nodes"]


def test_depth_while_running(twin, observing):
    """stats() tells how deep the deepest thread is now."""

    def down(n):
        return builder.stats()["depth"] if n == 0 else down(n - 1)

    with observing(twin.TreeBuilder) as builder:
        depth = down(9)
    assert depth >= 10


def test_events_are_counted(twin, load_program, observe):
    """stats() counts an event for each enter and each leave."""
    builder = observe(twin.TreeBuilder, load_program("recursion").main)
    tree = CallTree.from_image(builder.image())
    assert builder.stats()["events"] == 2 * sum(tree.calls)


# --- filters ---


def test_hidden_files(twin, load_program):
    """Frames of hidden files are not shown; what they call hangs one up."""
    module = load_program("sort_key_callbacks")
    builder = twin.TreeBuilder(hide=(*HIDDEN, module.__file__))
    backend = choose()
    backend.start(builder, 1_000_000)
    module.main()
    leaf()
    backend.stop()
    names = names_of(CallTree.from_image(builder.image()))
    assert "leaf" in names
    assert names & {"main", "key", "compare", "replace"} == set()


def test_wanted_code(twin, load_program, observe):
    """With `wants` only wanted code is shown, and is asked about once."""
    module = load_program("plain_calls")
    asked = []

    def wants(code):
        asked.append(code.co_qualname)
        return code.co_name in {"main", "leaf"}

    builder = observe(twin.TreeBuilder, module.main, wants=wants)
    tree = CallTree.from_image(builder.image())
    calls = {tree.ref(n).qualname: tree.calls[n] for n in tree.walk()}
    assert (calls["main"], calls["leaf"]) == (1, 10)
    assert "middle" not in calls
    assert asked.count("leaf") == asked.count("middle") == 1
    assert tree.unmatched == 0


def test_wants_that_fails(twin, observe):
    """What a filter cannot judge is shown, and nothing reaches the program."""

    def wants(code):
        raise RuntimeError(code)

    builder = observe(twin.TreeBuilder, leaf, wants=wants)
    assert "leaf" in names_of(CallTree.from_image(builder.image()))


def test_wanted_generators(twin, load_program, observe):
    """Generators that are left out leave no trace, thrown into or closed."""
    module = load_program("generator_throw")
    main = module.main
    builder = observe(
        twin.TreeBuilder, main, wants=lambda code: code.co_name in {"main", "brittle"}
    )
    tree = CallTree.from_image(builder.image())
    assert {n for n in names_of(tree) if n in dir(module)} == {"main", "brittle"}
    assert tree.unmatched == 0
    assert tree.threads[0].open == 0


# --- C functions ---


def test_c_functions(twin, load_program, observe):
    """With c_calls they have nodes: counts, and exceptions that left them."""
    main = load_program("c_functions").main
    tree = CallTree.from_image(observe(twin.TreeBuilder, main, c_calls=True).image())
    found = {
        tree.ref(n).qualname: (tree.calls[n], tree.returns[n], tree.unwinds[n])
        for n in tree.walk()
        if tree.kind[n] == 1
    }
    assert tree.has_c_functions
    assert found["list.append"][0] >= 4
    assert found["str.split"] == found["math.floor"] == (1, 1, 0)
    assert found["math.sqrt"] == (1, 0, 1)


def test_methods_are_named_after_who_defines_them(twin, observe):
    """Of a subclass, a class, a metaclass: not after what they are called on first."""

    class Meta(type):
        pass

    class Made(dict, metaclass=Meta):
        pass

    def main():
        for method in (Made(a=1).copy, Made.fromkeys, Made.mro, int.__subclasses__):
            method("a") if method.__name__ == "fromkeys" else method()

    tree = CallTree.from_image(observe(twin.TreeBuilder, main, c_calls=True).image())
    found = {tree.ref(n).qualname for n in tree.walk() if tree.kind[n] == 1}
    assert found >= {"dict.copy", "dict.fromkeys", "type.mro", "type.__subclasses__"}
    assert not any("Made" in name for name in found)


def test_callbacks_hang_below_c_functions(twin, load_program, observe):
    """A Python function that C calls is a child of the C function."""
    main = load_program("sort_key_callbacks").main
    tree = CallTree.from_image(observe(twin.TreeBuilder, main, c_calls=True).image())
    parents = {
        tree.ref(tree.parent[n]).qualname
        for n in tree.walk()
        if tree.ref(n).qualname == "key"
    }
    assert "builtins.sorted" in parents


# --- the file ---


def test_file(twin, observe, load_program, tmp_path):
    """finish() writes the file in one step, and leaves nothing else."""
    path = str(tmp_path / "run.frames")
    builder = observe(twin.TreeBuilder, load_program("plain_calls").main, path=path)
    assert builder.path == path
    assert builder.finish() == path
    assert os.listdir(tmp_path) == ["run.frames"]
    tree = CallTree.load(path)
    assert tree.is_finished
    assert tree == CallTree.from_image(builder.image())


def test_no_file(twin):
    """Without a path there is none, and finish() says None."""
    builder = twin.TreeBuilder()
    assert builder.path is None
    assert builder.finish() is None


def test_file_that_cannot_be_made(twin, tmp_path):
    """A directory that is not there is an OSError; an old file stays."""
    with pytest.raises(OSError, match="nowhere"):
        twin.TreeBuilder(str(tmp_path / "nowhere" / "run.frames"))
    assert os.listdir(tmp_path) == []


def test_finish_that_fails(twin, tmp_path, observe):
    """When the directory is gone finish() raises OSError, and the image stays."""
    directory = tmp_path / "going"
    directory.mkdir()
    builder = observe(twin.TreeBuilder, leaf, path=str(directory / "run.frames"))
    for name in os.listdir(directory):
        os.unlink(directory / name)
    directory.rmdir()
    with pytest.raises(OSError, match="going"):
        builder.finish()
    assert "leaf" in names_of(CallTree.from_image(builder.image()))


SCRIPT = """
import os, signal, sys, time
from frametools.monitor.{module} import TreeBuilder
from frametools.monitor.backend import choose, HIDDEN

def leaf():
    return 1

def work(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        leaf()

builder = TreeBuilder({path!r}, hide=HIDDEN)
backend = choose()
backend.start(builder)
{body}
"""


def run(twin, path, body):
    """Run a script under a builder in a process of its own; its exit code."""
    module = "_core" if twin.name == "c" else "treebuilder"
    script = SCRIPT.format(module=module, path=str(path), body=textwrap.dedent(body))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode


def other_file(path):
    """Find the child's file; one that was being written may lie beside it."""
    files = [p for p in path.parent.glob("*.frames") if p != path]
    assert len(files) == 1
    return files[0]


@pytest.mark.parametrize(
    ("end", "code"), [("os._exit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", -9)]
)
def test_a_killed_process_leaves_its_file(twin, tmp_path, end, code):
    """After os._exit and SIGKILL there is a file that can be read."""
    path = tmp_path / "run.frames"
    assert run(twin, path, f"work(0.3)\n{end}") == code
    tree = CallTree.load(path)
    assert not tree.is_finished
    assert {"work", "leaf"} <= names_of(tree)
    leaves = [n for n in tree.walk() if tree.ref(n).qualname == "leaf"]
    assert tree.calls[leaves[0]] > 100


def test_fork(twin, tmp_path):
    """The child has a file of its own, with what it did; no warning of threads."""
    path = tmp_path / "run.frames"
    body = """
        def child():
            leaf()
            work(0.1)
        def parent():
            pid = os.fork()
            if pid == 0:
                child()
                backend.stop()
                assert builder.finish().endswith(f".{os.getpid()}.frames")
                os._exit(0)
            os.waitpid(pid, 0)
            return pid
        work(0.01)
        pid = parent()
        backend.stop()
        builder.finish()
        """
    assert run(twin, path, body) == 0
    other = other_file(path)
    tree, forked = CallTree.load(path), CallTree.load(other)
    assert other.name == f"run.{forked.pid}.frames"
    assert (tree.parent_pid, forked.parent_pid) == (0, tree.pid)
    assert "child" not in names_of(tree)
    assert {"child", "leaf", "parent"} <= names_of(forked)
    calls = {forked.ref(n).qualname: forked.calls[n] for n in forked.walk()}
    assert (calls["parent"], calls["child"]) == (0, 1)
    assert forked.threads[0].running >= 2


def test_a_child_calls_what_its_parent_has_called(twin, tmp_path):
    """What was known before the fork is counted in the child's tree, not lost."""
    path = tmp_path / "run.frames"
    body = """
        leaf()
        pid = os.fork()
        for _ in range(2 if pid else 3):
            leaf()
        backend.stop()
        builder.finish()
        os.waitpid(pid, 0) if pid else os._exit(0)
        """
    assert run(twin, path, body) == 0
    for file, expected in ((path, 3), (other_file(path), 3)):
        tree = CallTree.load(file)
        leaves = [n for n in tree.walk() if tree.ref(n).qualname == "leaf"]
        assert [tree.calls[node] for node in leaves] == [expected]


def test_a_child_that_is_killed(twin, tmp_path):
    """A child that ends by os._exit leaves its file too."""
    path = tmp_path / "run.frames"
    body = """
        pid = os.fork()
        if pid == 0:
            work(0.3)
            os._exit(0)
        os.waitpid(pid, 0)
        backend.stop()
        builder.finish()
        """
    assert run(twin, path, body) == 0
    other = other_file(path)
    assert {"work", "leaf"} <= names_of(CallTree.load(other))


# --- nothing is kept ---


def test_code_objects_may_die(twin, observing):
    """While it runs, a builder keeps no code object, function or class alive."""
    namespace = {}
    exec("def made():\n    return 1\nclass Made:\n    def get(self): pass", namespace)
    dead = [weakref.ref(namespace["made"].__code__), weakref.ref(namespace["Made"])]
    with observing(twin.TreeBuilder, c_calls=True) as builder:
        namespace["made"]()
        namespace["Made"]().get()
        namespace.clear()
        gc.collect()
        assert [ref() for ref in dead] == [None, None]
    assert {"made", "Made.get"} <= names_of(CallTree.from_image(builder.image()))


def test_arguments_may_die(twin, observing):
    """Objects that a suspended coroutine held are gone when it is."""

    class Thing:
        pass

    async def waiter(thing):
        await Pause()

    class Pause:
        def __await__(self):
            yield

    thing = Thing()
    dead = weakref.ref(thing)
    with observing(twin.Recorder, events=("RAISE",)) as recorder:
        coroutine = waiter(thing)
        coroutine.send(None)
        del thing
        coroutine.close()
        del coroutine
        gc.collect()
        assert dead() is None
    assert recorder.stats()["recorded"] > 0


def test_a_builder_dies(twin, observe):
    """After the stop nothing holds the builder."""

    def wants(code):
        return True

    builder = observe(twin.TreeBuilder, leaf, wants=wants)
    dead = weakref.ref(wants)
    del builder, wants
    gc.collect()
    assert dead() is None


def test_same_names_share_a_node(twin, load_program, observe):
    """Code objects of equal name, file and line are one, however often made."""
    main = load_program("eval_and_exec").main
    image = read(observe(twin.TreeBuilder, main).image())
    made = [i for i, ref in enumerate(image.codes) if ref.qualname == "made"]
    assert len(made) == 1
    nodes = [n for n, code in enumerate(image.code) if n and code == made[0]]
    assert sum(image.calls[n] for n in nodes if image.node_flags[n] & 3 == 0) == 50
