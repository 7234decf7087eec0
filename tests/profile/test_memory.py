"""`--memory`: what is charged to which node, its place in the file, its report."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from frametools._image import layout
from frametools.calltree import CallTree
from frametools.calltree.memory import by_function
from frametools.monitor import _twin
from frametools.monitor.backend import MonitorError
from frametools.profile._memory import MEMORY, Sampler, resident
from tests.profile.conftest import FIB, MAIN, RUN, Grower, lacking, rendered
from tests.profile.running import profile, script

MIB = 1 << 20


class Builder:
    """Stands for a builder: tells where threads are, keeps what is noted."""

    def __init__(self, *places: list[tuple[int, int, int]]) -> None:
        self.places = iter(places)
        self.notes: list[dict[str, object]] = []

    def running(self) -> list[tuple[int, int, int]]:
        """Give the next of the places."""
        return next(self.places, [])

    def note(self, kind: int, data: bytes) -> None:
        """Keep a note."""
        assert kind == MEMORY
        self.notes.append(json.loads(data))


def sampler(sizes: Iterator[int], *places: list[tuple[int, int, int]]) -> Sampler:
    """Make a sampler that sees these sizes, after a first one, at these places."""

    def read() -> tuple[int, int]:
        size = next(sizes)
        return size, size + 1

    return Sampler(Builder(*places), "rss", read)  # type: ignore[arg-type]


def test_changes_go_to_the_thread_that_ran() -> None:
    """The change since the last sample, to whom used most CPU since; peaks stay."""
    places = (
        [(0, 5, 100), (1, 6, 0)],
        [(0, 5, 100), (1, 6, 40)],
        [(0, 7, 110), (1, 6, 45)],
        [(0, 5, 120), (1, 6, 45)],
    )
    made = sampler(iter([1_000, 1_500, 1_400, 2_400, 2_000]), *places)
    for _ in places:
        made.sample()
    made.note()
    assert made.nodes == {5: [2, 100, 2_001], 6: [1, -100, 1_401], 7: [1, 1_000, 2_401]}
    (note,) = made.builder.notes  # type: ignore[attr-defined]
    assert (note["samples"], note["first"], note["source"]) == (4, 1_000, "rss")
    assert (note["nodes"], note["net"]) == ([5, 6, 7], [100, -100, 1_000])


def test_a_sample_of_nobody_waits_for_the_next() -> None:
    """While no thread is known nothing is charged, and nothing is lost."""
    made = sampler(iter([10, 20, 35]), [], [(0, 3, 1)])
    made.sample()
    made.sample()
    assert made.nodes == {3: [1, 25, 36]}


def test_data_are_noted_as_they_double() -> None:
    """A process that is killed has half of its samples at least, or had few."""
    made = sampler(iter(range(100)), *[[(0, 1, 1)]] * 70)
    for _ in range(70):
        made.sample()
    noted = [note["samples"] for note in made.builder.notes]  # type: ignore[attr-defined]
    assert noted == [16, 32, 64]


def test_psutil_is_for_systems_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without both there is one line that says so."""
    assert resident("/nowhere/statm")()[0] > MIB
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(MonitorError, match=r"^--memory needs psutil here"):
        resident("/nowhere/statm")


def grown(grower: Grower, **changes: object) -> CallTree:
    """Grow a recursion in two threads, with samples."""
    main = grower.thread("MainThread")
    module = grower.call(main, MAIN, 100)
    fib = grower.call(module, FIB, 90)
    deeper = grower.call(fib, FIB, 80)
    worker = grower.call(grower.thread("worker"), RUN, 10)
    grower.image.notes = []
    tree = grower.finish()
    value = {
        "version": 1,
        "source": "rss",
        "period_ms": 10,
        "samples": 60,
        "first": 10 * MIB,
        "is_whole": True,
        "nodes": [module, fib, deeper, worker],
        "counts": [10, 20, 25, 5],
        "net": [MIB, 20 * MIB, 4 * MIB, -2 * MIB],
        "peak": [11 * MIB, 31 * MIB, 36 * MIB, 33 * MIB],
        **changes,
    }
    tree.notes.append((layout.META_MEMORY, json.dumps(value).encode()))
    return tree


def test_by_function(grower: Grower) -> None:
    """Of a recursion the outermost counts; peaks are those of callees too."""
    rows = {r.code.qualname: r[1:] for r in by_function(grown(grower))}
    assert rows == {
        "<module>": (55, MIB, 25 * MIB, 36 * MIB),
        "fib": (45, 24 * MIB, 24 * MIB, 36 * MIB),
        "run": (5, -2 * MIB, -2 * MIB, 33 * MIB),
    }


def test_the_form(grower: Grower) -> None:
    """Changes with their signs, those that are large first."""
    assert rendered(grown(grower), "memory", width=70).splitlines() == [
        "memory, RSS: +23.0 MiB in 60 samples, 10 ms apart or more; peak 36.0 MiB",
        "       self        cum      peak  samples  function",
        "   +1.0 MiB  +25.0 MiB  36.0 MiB       55  <module>  app.py:1",
        "  +24.0 MiB  +24.0 MiB  36.0 MiB       45  fib       app.py:20",
        "   -2.0 MiB   -2.0 MiB  33.0 MiB        5  run       app.py:10",
    ]


def test_nothing_sampled_is_no_section(grower: Grower, tree: CallTree) -> None:
    """Files from before there was --memory are read, and have no such section."""
    assert tree.memory is None
    assert lacking(tree, "memory").startswith("memory shows ")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"source": "disk"},
        {"net": [1]},
        {"nodes": [1, 2, 3, 99]},
        {"nodes": [0, 2, 3, 4]},
        {"peak": [1, 2, 3, "x"]},
        {"counts": None},
        {"samples": True},
        {"period_ms": []},
    ],
    ids=str,
)
def test_damage_costs_the_section(changes: dict[str, object], grower: Grower) -> None:
    """What is of another version, or wrong, is left; the tree is there."""
    tree = grown(grower, **changes)
    assert tree.memory is None
    assert lacking(tree, "memory").startswith("memory shows ")


def test_saved_and_merged(grower: Grower, tmp_path: Path) -> None:
    """A copy has the same; two are the sum, with the larger peaks."""
    tree = grown(grower)
    tree.save(tmp_path / "a.frames")
    loaded = CallTree.load(tmp_path / "a.frames")
    assert loaded.memory == tree.memory
    both = tree.merge(loaded)
    assert both.memory is not None
    assert tree.memory is not None
    assert (both.memory.net, both.memory.peak) == (46 * MIB, 36 * MIB)
    assert both.memory.samples == 120
    both.save(tmp_path / "b.frames")
    assert CallTree.load(tmp_path / "b.frames").memory == both.memory
    assert tree.memory == loaded.memory


GROWS = """
import os, sys, time
kept = []
def grow():
    kept.append(bytearray(b"x" * 40_000_000))
    time.sleep(0.2)
grow()
"""


@pytest.mark.parametrize("option", ["--memory", "--memory-alloc"])
def test_a_run(option: str, tmp_path: Path) -> None:
    """Who made the process large is found, and no function of ours is in the tree."""
    script(tmp_path, GROWS)
    done = profile(tmp_path, option, "-o", "out.frames", "app.py")
    assert (done.returncode, done.stdout) == (0, "")
    assert "\nmemory, " in done.stderr
    tree = CallTree.load(tmp_path / "out.frames")
    rows = {row.code.qualname: row for row in by_function(tree)}
    assert rows["grow"].cum_net > 30_000_000
    assert rows["<module>"].cum_net > 30_000_000
    if _twin.NAME == "c":  # 3.11's twin has threading, which ends in Python
        names = {row.code.qualname for row in tree.functions()}
        assert names == {"<module>", "grow"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.skipif(
    "asan" in os.environ.get("LD_PRELOAD", ""),
    reason="its allocator takes twice as much",
)
def test_forked_children_are_sampled(tmp_path: Path) -> None:
    """Each for itself, from nothing: what the parent had is not the child's."""
    source = GROWS + "if os.fork() == 0:\n    grow()\n    sys.exit()\nos.wait()"
    script(tmp_path, source)
    done = profile(tmp_path, "--memory", "-o", "out.frames", "app.py")
    assert done.returncode == 0
    (child,) = tmp_path.glob("out.*.frames")
    rows = {row.code.qualname: row for row in by_function(CallTree.load(child))}
    assert 30_000_000 < rows["grow"].cum_net < 60_000_000


def test_children_that_are_started_are_sampled(tmp_path: Path) -> None:
    """With --subprocesses: the report adds up what they have."""
    script(tmp_path, GROWS, "other.py")
    source = "import subprocess, sys\nsubprocess.run([sys.executable, 'other.py'])"
    script(tmp_path, source)
    done = profile(tmp_path, "--memory", "--subprocesses", "-o", "out.frames", "app.py")
    (line,) = [line for line in done.stderr.splitlines() if " grow " in line[-40:]][-1:]
    assert "MiB" in line


@pytest.mark.parametrize("word", ["--memory=rss", "--memory-alloc=", "--memories"])
def test_wrong_words(word: str, tmp_path: Path) -> None:
    """They take no value; one line, and nothing is left behind."""
    script(tmp_path, "print(1)")
    done = profile(tmp_path, word, "app.py")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_no_frame_is_kept(tmp_path: Path) -> None:
    """And no frame is kept: objects of the program die when they would have."""
    source = """
import weakref
class Thing: pass
def use():
    thing = Thing()
    return weakref.ref(thing)
print(use()())
"""
    script(tmp_path, source)
    for option in ("--memory", "--memory-alloc"):
        assert profile(tmp_path, option, "app.py").stdout == "None\n"
