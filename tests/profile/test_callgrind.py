"""The callgrind form, read back by gprof2dot, which is not ours."""

from __future__ import annotations

import gc
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from frametools.calltree import CallTree
from tests.profile.conftest import (
    FIB,
    LEN,
    MAIN,
    MS,
    RUN,
    Grower,
    grow,
    grow_named,
    rendered,
)
from tests.profile.running import report

READER = """
import json, sys
from gprof2dot import CALLS, SAMPLES, SAMPLES2, CallgrindParser
with open(sys.argv[1], encoding="utf-8") as file:
    functions = CallgrindParser(file).parse().functions
print(json.dumps([
    [f.name, f[SAMPLES], [[functions[c.callee_id].name, c[CALLS], c[SAMPLES2]]
                          for c in f.calls.values()]]
    for f in functions.values()
]))
"""


class Read:
    """What gprof2dot found: the first cost of functions, and of calls."""

    def __init__(self, text: str, folder: Path) -> None:
        if importlib.util.find_spec("gprof2dot") is None:
            pytest.skip("gprof2dot is not installed")
        path = folder / "app.callgrind"
        path.write_text(text, encoding="utf-8")
        words = [sys.executable, "-W", "ignore", "-c", READER, str(path)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        rows: list[Any] = json.loads(done.stdout)
        self.own = {name: round(own) for name, own, _ in rows}
        self.calls = {
            (name, callee): (count, round(cost))
            for name, _, calls in rows
            for callee, count, cost in calls
        }

    def into(self, name: str) -> tuple[int, int]:
        """How often a function was called, and what these calls cost."""
        found = [row for (_, callee), row in self.calls.items() if callee == name]
        return sum(count for count, _ in found), sum(cost for _, cost in found)


@pytest.mark.parametrize("clock", ["cpu", "wall"])
def test_gprof2dot_finds_counts_and_times(
    clock: str, tree: CallTree, tmp_path: Path
) -> None:
    """Own costs, calls, and what the calls of a function cost are those of the tree."""
    read = Read(rendered(tree, "callgrind", clock=clock), tmp_path)
    rows = {row.code.qualname: row for row in tree.functions()}
    assert set(read.own) == {*rows, "thread MainThread", "thread worker"}
    for name, row in rows.items():
        own, cumulative = (
            (row.self_cpu, row.cum_cpu)
            if clock == "cpu"
            else (row.self_wall, row.cum_wall)
        )
        assert read.own[name] == own
        assert read.into(name) == (row.calls, cumulative)


def test_a_recursion_costs_its_time_once(grower: Grower, tmp_path: Path) -> None:
    """Two functions that call each other: each cost counts for its outermost call."""
    node = grower.call(grower.thread("MainThread"), RUN, 100)
    for wall, code in ((90, FIB), (70, RUN), (40, FIB), (10, FIB)):
        node = grower.call(node, code, wall)
    read = Read(rendered(grower.finish(), "callgrind"), tmp_path)
    assert read.own == {
        "thread MainThread": 0,
        "run": 40 * MS,
        "fib": 60 * MS,
    }
    assert read.calls == {
        ("thread MainThread", "run"): (1, 100 * MS),
        ("run", "fib"): (2, 90 * MS),
        ("fib", "run"): (1, 0),
        ("fib", "fib"): (1, 0),
    }


ODD = ("a\nfn=(1) b", "(7) c", "解析\udcff", "x" * 20_000, "", "<lambda>", "<lambda>")


def test_odd_names_stay_names(
    grower: Grower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that looks like the format, is empty, or is shared."""
    grow_named(grower, monkeypatch, ODD, "fl=(1)\nx")
    read = Read(rendered(grower.finish(), "callgrind"), tmp_path)
    assert [own // MS for own in read.own.values()] == [1, 2, 3, 4, 5, 6, 7, 0]
    assert list(read.own) == [
        r"a\nfn=(1) b",
        "(7) c",
        r"解析\udcff",
        "x" * 20_000,
        "???",
        "<lambda> (app.py:6)",
        "<lambda> (app.py:7)",
        r"thread fl=(1)\nx",
    ]
    assert len(read.calls) == len(ODD)


def test_names_and_files_stand_once(tree: CallTree) -> None:
    """Later lines have their numbers: a name defined twice would be two functions."""
    lines = rendered(tree, "callgrind").splitlines()
    defined = [line for line in lines if line.startswith(("fn=", "fl=")) if " " in line]
    assert set(Counter(defined).values()) == {1}
    assert "fl=(1) /src/app.py" in defined
    assert len([line for line in defined if line.startswith("fn=")]) == 8 + 2


def test_a_line_of_each_function(tree: CallTree) -> None:
    """The line is where the function begins; for a call the caller's."""
    text = rendered(tree, "callgrind")
    assert "fn=(3) fib\n20 39700000 39700000 8\n" in text
    assert "fn=(2)\ncfn=(3)\ncalls=1 20\n10 30000000 30000000 7\n" in text


def test_a_thread_without_calls_is_no_function(grower: Grower, tmp_path: Path) -> None:
    """As the one that samples memory: nothing is known of it."""
    grower.call(grower.thread("MainThread"), RUN, 5)
    grower.thread("idle")
    read = Read(rendered(grower.finish(), "callgrind"), tmp_path)
    assert read.own == {"run": 5 * MS, "thread MainThread": 0}


def test_deep_and_empty(grower: Grower, tmp_path: Path) -> None:
    """20,000 levels are one call of each kind; nothing at all is no error."""
    node = grower.call(grower.thread("MainThread"), MAIN, 20_001)
    for level in range(20_000):
        node = grower.call(node, FIB, 20_000 - level)
    grower.call(node, LEN, 0)
    text = rendered(grower.finish(), "callgrind")
    assert text.count("calls=") == 4
    assert "calls=19999 20\n20 0 0 0\n" in text
    empty = rendered(CallTree(), "callgrind")
    assert empty.endswith("\nevents: CPU Wall Calls\n\ntotals: 0 0 0\n")
    assert Read(empty, tmp_path).own == {}


def test_the_command_writes_it(tree: CallTree, tmp_path: Path) -> None:
    """`report -f callgrind -o FILE`, with the clock as the first event."""
    tree.save(tmp_path / "a.frames")
    words = ["a.frames", "-f", "callgrind", "--clock", "wall", "-o", "callgrind.out"]
    done = report(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = (tmp_path / "callgrind.out").read_text(encoding="utf-8")
    assert text == rendered(tree, "callgrind", clock="wall")
    assert "\nevents: Wall CPU Calls\n" in text


def test_no_frame_is_kept() -> None:
    """Writing it leaves no frame behind."""
    tree = grow(Grower())
    rendered(tree, "callgrind")
    gc.collect()
    before = {id(each) for each in gc.get_objects() if type(each) is FrameType}
    rendered(tree, "callgrind")
    gc.collect()
    after = [each for each in gc.get_objects() if type(each) is FrameType]
    assert [each for each in after if id(each) not in before] == []
