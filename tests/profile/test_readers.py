"""The forms read by the programs that they are for: the same figures, exactly.

Each function's calls and times, as the program says them, are those of the table.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.profile._names import Places
from tests.profile import readers
from tests.profile.conftest import FETCH, FIB, RUN, Grower, rendered

Figures = dict[str, tuple[int, int]]
"""Own and cumulative figure of each function, by its name."""


def figures(tree: CallTree, clock: str) -> Figures:
    """What the table says (ns)."""
    return {
        row.code.qualname: (
            getattr(row, f"self_{clock}"),
            getattr(row, f"cum_{clock}"),
        )
        for row in tree.functions()
    }


def top(path: Path, index: str, *words: str) -> tuple[list[str], Figures]:
    """The head and the rows of `pprof -top`, all of them, times in ns."""
    text = readers.output(
        readers.pprof(),
        *("-top", "-nodefraction=0", "-nodecount=9999", "-unit=ns"),
        *(f"-sample_index={index}", *words, str(path)),
    )
    head, _, rows = text.partition("flat  flat%")
    found = {}
    for row in rows.splitlines()[1:]:
        own, _, _, cumulative, _, name = row.split(maxsplit=5)
        found[name] = int(own.removesuffix("ns")), int(cumulative.removesuffix("ns"))
    return head.splitlines(), found


@pytest.fixture
def profile(tree: CallTree, tmp_path: Path) -> Path:
    """Write the hand-made tree for pprof."""
    path = tmp_path / "app.pb.gz"
    path.write_bytes(rendered(tree, "pprof").encode("latin-1"))
    return path


@pytest.mark.parametrize("clock", ["cpu", "wall"])
def test_pprof_has_the_times(clock: str, tree: CallTree, profile: Path) -> None:
    """Own and cumulative times; what brackets a name has is not taken for C++."""
    head, found = top(profile, clock)
    assert found == figures(tree, clock)
    assert "<module>" in found
    assert head[0] == "File: app.py"
    assert f"Type: {clock}" in head
    assert "app.py --fast 'two words'" in head


def test_pprof_has_the_calls(tree: CallTree, profile: Path) -> None:
    """How often each function was called."""
    _, found = top(profile, "calls")
    calls = {row.code.qualname: row.calls for row in tree.functions()}
    assert {name: own for name, (own, _) in found.items()} == calls


def test_pprof_has_the_threads(tree: CallTree, profile: Path) -> None:
    """A thread is chosen by its label; each has its own time."""
    times, total = tree.times(), 0
    for thread in tree.threads:
        _, found = top(profile, "cpu", f"-tagfocus=thread=^{thread.name}$")
        total += sum(own for own, _ in found.values())
        assert max(every for _, every in found.values()) == max(
            times.cum_cpu[node] for node in tree.children(thread.root)
        )
    assert total == sum(times.self_cpu)


def test_pprof_finds_nothing_new(profile: Path) -> None:
    """The difference of a profile and itself is nothing."""
    _, found = top(profile, "cpu", f"-diff_base={profile}")
    assert set(found.values()) <= {(0, 0)}


def annotated(text: str, folder: Path, *words: str) -> tuple[list[int], Figures]:
    """What callgrind_annotate prints: totals; CPU time and calls by function."""
    path = folder / "callgrind.out.app"
    path.write_text(text, encoding="utf-8")
    printed = readers.output(
        readers.callgrind_annotate(),
        *("--threshold=100", "--show-percs=no", "--auto=no", *words, str(path)),
    )
    totals: list[int] = []
    found = {}
    for line in printed.splitlines():
        row = re.match(r" *([\d,]+) +([\d,.]+) +([\d,]+) +(\S.*)", line)
        if not row:
            continue
        cpu, _, calls = (int(row[at].replace(",", "")) for at in (1, 2, 3))
        if row[4] == "PROGRAM TOTALS":
            totals = [cpu, calls]
        else:
            name = row[4].removesuffix(" []").partition(":")[2]
            found[name] = cpu, calls
    return totals, found


def test_callgrind_annotate_has_own_costs_and_calls(
    tree: CallTree, tmp_path: Path
) -> None:
    """Of each function; and the sums are those of the run."""
    totals, found = annotated(rendered(tree, "callgrind"), tmp_path)
    assert totals == [sum(tree.times().self_cpu), sum(tree.calls)]
    expected = {
        row.code.qualname: (row.self_cpu, row.calls) for row in tree.functions()
    }
    assert {name: found[name] for name in expected} == expected


def test_callgrind_annotate_has_inclusive_times(tree: CallTree, tmp_path: Path) -> None:
    """A recursion counts once, and each thread is what it ran."""
    _, found = annotated(rendered(tree, "callgrind"), tmp_path, "--inclusive=yes")
    times = tree.times()
    expected = {name: own for name, (_, own) in figures(tree, "cpu").items()}
    for thread in tree.threads:
        below = sum(times.cum_cpu[node] for node in tree.children(thread.root))
        expected[f"thread {thread.name}"] = below
    assert {name: cpu for name, (cpu, _) in found.items()} == expected


@pytest.mark.parametrize("clock", ["cpu", "wall"])
def test_a_flame_graph_has_every_stack(clock: str, tree: CallTree) -> None:
    """Flamegraph.pl draws a box for each node, and says what was spent in it."""
    text = rendered(tree, "collapsed", clock=clock)
    svg = readers.output(
        readers.flamegraph(), "--countname=ns", "--minwidth=0", given=text
    )
    titles = re.findall(r"<title>(.*) \(([\d,]+) ns, [\d.]+%\)</title>", svg)
    found = Counter((unescape(name), int(own.replace(",", ""))) for name, own in titles)
    times = tree.times()
    every = times.cum_cpu if clock == "cpu" else times.cum_wall
    places, expected = Places("/src"), Counter[tuple[str, int]]()
    for thread in tree.threads:
        tops = list(tree.children(thread.root))
        expected[thread.name, sum(every[node] for node in tops)] += 1
        for node in (node for top_ in tops for node in tree.walk(top_)):
            name = places.full(tree.ref(node)).replace("<module>", "(module)")
            expected[name, every[node]] += 1
    expected["all", sum(times.self_cpu if clock == "cpu" else times.self_wall)] += 1
    assert found == expected


def test_tasks_in_pprof(grower: Grower, tmp_path: Path) -> None:
    """`-tagroot` puts a task over its stacks."""
    loop = grower.call(grower.thread("MainThread"), RUN, 100)
    task = grower.call(loop, FETCH, 60)
    grower.call(task, FIB, 50)
    grower.image.node_flags[task] |= 4
    path = tmp_path / "app.pb.gz"
    path.write_bytes(rendered(grower.finish(), "pprof").encode("latin-1"))
    _, found = top(path, "cpu", "-tagfocus=task=fetch")
    assert found == {
        "fib": (50_000_000, 50_000_000),
        "fetch": (10_000_000, 60_000_000),
        "run": (0, 60_000_000),
    }
