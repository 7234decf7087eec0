"""Tasks in the text report, and forms of a report with roots by task."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

from frametools._image.layout import META_TASK
from frametools.calltree import CallTree
from tests.profile.conftest import (
    FETCH,
    FIB,
    MAIN,
    MS,
    PARSE,
    RUN,
    Grower,
    lacking,
    rendered,
)
from tests.profile.running import profile, report, script

PROGRAM = """
import asyncio

async def job(number):
    await asyncio.sleep(0)
    return number

async def main():
    await asyncio.create_task(job(0), name="one; of <many>")
    await asyncio.gather(*map(job, range(10)))

asyncio.run(main())
"""


@pytest.fixture
def tree(grower: Grower) -> CallTree:
    """A loop that runs two kinds of tasks, and a callback."""
    loop = grower.call(grower.thread("MainThread"), MAIN, 100)
    fetch = grower.call(
        loop, FETCH, 60, cpu=50, calls=1_000, resumes=2_000, awaited=9_000 * MS
    )
    grower.call(fetch, PARSE, 40, calls=3_000)
    run = grower.call(loop, RUN, 20, calls=1)
    grower.call(loop, FIB, 10, calls=5)
    for node in (fetch, run):
        grower.image.node_flags[node] |= 4
    return grower.finish()


def test_the_table_of_tasks(tree: CallTree) -> None:
    """How many, how often they ran, what they took; what is left is in no task."""
    assert rendered(tree, "tasks").splitlines() == [
        "tasks by CPU: 2 names and coroutines, 1,001 tasks (times in ms)",
        "  tasks  steps  calls    CPU   wall    await  task",
        "  1,000  3,000  4,000  50.00  60.00  9000.00  fetch       net/client.py:5",
        "      1      1      1  20.00  20.00        -  run         app.py:10",
        "      -      -      6  30.00  20.00        -  in no task",
    ]


@pytest.mark.parametrize(
    ("sort", "first"), [("cum", "fetch"), ("await", "fetch"), ("name", "fetch")]
)
def test_sorted_and_limited(tree: CallTree, sort: str, first: str) -> None:
    """--sort and --limit choose rows here too; the rest keeps its row."""
    lines = rendered(tree, "tasks", sort=sort, limit=1).splitlines()
    assert "1 of 2 names and coroutines, 1,001 tasks" in lines[0]
    assert [line.split()[6:7] for line in lines[2:]] == [[first], ["in"]]
    assert len(rendered(tree, "tasks", limit=0).splitlines()) == 1


def test_narrow(tree: CallTree) -> None:
    """Where there is no room the steps give way; no line is longer than the output."""
    lines = rendered(tree, "tasks", width=60).splitlines()[1:]
    assert "steps" not in lines[0]
    assert max(map(len, lines)) <= 60


def test_no_section_without_tasks(grower: Grower) -> None:
    """A program without an event loop sees nothing of all this."""
    grower.call(grower.thread("MainThread"), MAIN, 100)
    tree = grower.finish()
    assert lacking(tree, "tasks").startswith("tasks shows ")
    assert "tasks" not in rendered(tree, "summary")
    assert rendered(tree, "collapsed", by="task") == rendered(tree, "collapsed")


def test_other_tasks(tree: CallTree) -> None:
    """Those beyond the bound are one row, the last one."""
    from frametools.calltree.tasks import find_tasks

    tree._tasks = find_tasks(tree, most=1)
    lines = rendered(tree, "tasks").splitlines()
    assert lines[0].startswith("tasks by CPU: 2 names and coroutines, 1,001 tasks")
    assert lines[2].endswith("other tasks (2 names and coroutines)")


def test_the_summary_by_task(tree: CallTree) -> None:
    """The tree of calls has their roots; functions and tasks are as ever."""
    by_task = rendered(tree, "summary", by="task")
    assert "task fetch" in by_task
    assert "└ fetch" in by_task
    plain = rendered(tree, "summary")
    assert "task fetch" not in plain
    assert "tasks by CPU" in plain
    assert by_task.partition("hot calls")[0] == plain.partition("hot calls")[0]


@pytest.mark.parametrize("form", ["collapsed", "speedscope", "callgrind"])
def test_forms_by_task(tmp_path: Path, form: str) -> None:
    """--by task makes roots of tasks in each form that has threads as roots."""
    script(tmp_path, PROGRAM)
    run = profile(tmp_path, "-o", "x.frames", "--by", "task", "app.py")
    assert "tasks by CPU" in run.stderr
    found = report(tmp_path, "x.frames", "-f", form, "--by", "task")
    assert found.returncode == 0
    assert "task job" in found.stdout
    assert "task job" not in report(tmp_path, "x.frames", "-f", form).stdout
    if form == "speedscope":
        names = [each["name"] for each in json.loads(found.stdout)["profiles"]]
        assert names[-1] == "MainThread"


def test_a_form_without_roots(tmp_path: Path) -> None:
    """A table has none: --by task is refused in one line."""
    script(tmp_path, "print(1)")
    assert profile(tmp_path, "-o", "x.frames", "app.py").returncode == 0
    found = report(tmp_path, "x.frames", "-f", "table", "--by", "task")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("frametools: --by task is for callgrind, ")
    assert found.stderr.endswith("; table has no roots\n")


def test_names_in_forms(tmp_path: Path) -> None:
    """A named task is told apart in the forms, by thread too."""
    name = "one; of <many>"
    script(tmp_path, PROGRAM)
    profile(tmp_path, "-q", "--no-report", "--record", "-o", "x.frames", "app.py")

    def shown(form: str, *options: str) -> str:
        words = ("x.frames", "-f", form, "--limit", "9999", *options)
        run = report(tmp_path, *words, env={"COLUMNS": "200"}, encoding="latin-1")
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert f'"{name}"' in shown("tasks")
    assert json.dumps(f'job "{name}"') in shown("perfetto")
    assert f'task "{name.replace(";", ":")}";' in shown("collapsed", "--by", "task")
    tree = CallTree.load(tmp_path / "x.frames")
    assert list(tree.task_names.values()) == [name]
    sample = rendered(tree, "pprof").encode("latin-1")
    assert name.encode() in gzip.decompress(sample)


def test_a_named_task_in_the_tree(grower: Grower) -> None:
    """Its coroutine has the name beside, where the roots are threads."""
    grower.image.codes.append(FETCH)
    loop = grower.call(grower.thread("MainThread"), MAIN, 100)
    node = grower.call(loop, FETCH, 60)
    grower.image.code[node] = last = len(grower.image.codes) - 1
    grower.call(loop, FETCH, 30)
    tree = grower.finish()
    tree.notes.append((META_TASK, last.to_bytes(4, sys.byteorder) + b"crawler"))
    lines = rendered(tree, "tree").splitlines()
    assert 'fetch "crawler"' in lines[-2]
    assert "fetch " in lines[-1]
    assert "crawler" not in lines[-1]


def test_watch_has_no_roots(tmp_path: Path) -> None:
    """An option that would do nothing is refused."""
    found = report(tmp_path, "x.frames", "--watch", "--by", "task")
    assert found.returncode == 2
    assert "no --by" in found.stderr
