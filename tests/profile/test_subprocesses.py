"""`--subprocesses`: children are watched, merged, and do not notice it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.monitor import _twin
from frametools.profile._follow import HOOK, NAME, Settings, follow_children
from frametools.profile._processes import with_children
from tests.profile.conftest import MS, Grower, grow, lacking, rendered
from tests.profile.running import profile, python, report, script

FOLLOW = ["--subprocesses", "--no-report", "-o", "out.frames"]


def family(folder: Path, name: str = "out.frames") -> CallTree:
    """Load a run and its children."""
    path = folder / name
    return with_children(CallTree.load(path), str(path))


def calls(tree: CallTree, *names: str) -> list[int]:
    """Count the calls of functions, by name."""
    rows = tree.functions()
    return [sum(r.calls for r in rows if r.code.qualname == name) for name in names]


def test_settings_come_back() -> None:
    """Paths and globs of any text go through the environment."""
    words = ["--include", "a\\n\nb*", "\\", "", "--low"]
    settings = Settings("7-1", "/tmp/a b\n.frames", (1.5, 0.1, 0.0, 2e-9), words)
    found = Settings.decode(settings.encode())
    for name in Settings.__slots__:
        assert getattr(found, name) == getattr(settings, name)


def test_the_environment() -> None:
    """The user's PYTHONPATH stays behind ours, which is put there once."""
    settings = Settings("7-1", "/tmp/x", (0.0,) * 4, [])
    environment: dict[str, str] = {"PYTHONPATH": "/mine"}
    follow_children(settings, environment)
    follow_children(settings, environment)
    assert environment["PYTHONPATH"] == f"{HOOK}{os.pathsep}/mine"
    environment = {}
    follow_children(settings, environment)
    assert environment == {NAME: settings.encode(), "PYTHONPATH": HOOK}


def test_programs_that_are_started(tmp_path: Path) -> None:
    """Scripts, -m, -c, folders, grandchildren: a file for each, one tree of all."""
    source = """
import subprocess, sys
def begin(*words): subprocess.run([sys.executable, *words], check=True)
begin("other.py")
begin("-m", "pkg.mod")
begin("-c", "def third(): pass\\nthird()")
begin("pkg")
begin("-c", "import os; os.system(__import__('sys').executable + ' other.py')")
"""
    script(tmp_path, source)
    script(tmp_path, "def first(): pass\nfirst()\nfirst()", "other.py")
    (tmp_path / "pkg").mkdir()
    script(tmp_path / "pkg", "def second(): pass\nsecond()", "mod.py")
    script(tmp_path / "pkg", "def fourth(): pass\nfourth()", "__main__.py")
    assert profile(tmp_path, *FOLLOW, "app.py").returncode == 0
    tree = family(tmp_path)
    names = ("first", "second", "third", "fourth", "begin")
    assert calls(tree, *names) == [4, 1, 1, 1, 5]
    assert len(tree.info["processes"]) == 7
    assert all(row["is_finished"] for row in tree.info["processes"])
    assert tree.unmatched == 0
    walls = [row["wall"] for row in tree.info["processes"]]
    assert walls[0] <= tree.wall_ns < sum(walls)  # they ran within the first one
    own = CallTree.load(tmp_path / "out.frames")
    assert calls(own, *names) == [0, 0, 0, 0, 5]
    for row in tree.info["processes"][1:]:
        child = CallTree.load(tmp_path / row["file"])
        first, *rest = child.children(1)
        assert child.ref(first).qualname in ("<module>", "_run_module_as_main")
        assert child.calls[first] == 1
        # 3.11's twin has threading, whose _shutdown the interpreter calls.
        assert [child.ref(n).qualname for n in rest] in ([], ["_shutdown"])


POOLS = {
    "fork": "mp.get_context('fork').Pool(2)",
    "spawn": "mp.get_context('spawn').Pool(2)",
    "forkserver": "mp.get_context('forkserver').Pool(2)",
    "executor": "ProcessPoolExecutor(2, mp_context=mp.get_context('spawn'))",
}


@pytest.mark.parametrize("kind", POOLS)
def test_pools(kind: str, tmp_path: Path) -> None:
    """What the processes of a pool did is all counted, and pickled as before."""
    ending = "" if kind == "executor" else "pool.close(); pool.join()"
    source = f"""
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
def job(n):
    return n * leaf(n)
def leaf(n): return n
if __name__ == "__main__":
    with {POOLS[kind]} as pool:
        print(list(pool.map(job, range(10))))
        {ending}
"""
    script(tmp_path, source)
    done = profile(tmp_path, *FOLLOW, "app.py")
    assert done.stdout == f"{[n * n for n in range(10)]}\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(family(tmp_path), "job", "leaf") == [10, 10]


def test_children_that_end_as_they_should(tmp_path: Path) -> None:
    """A child of multiprocessing ends by os._exit: no reason for a note."""
    source = """
import multiprocessing as mp, os, sys
def job(n): return n
def fail(): sys.exit(3)
fork = mp.get_context("fork")
each = [fork.Process(target=job, args=(1,)), fork.Process(target=fail)]
for process in each: process.start()
for process in each: process.join()
print([process.exitcode for process in each])
if sys.argv[1:]:
    os.fork() or os._exit(0)
    os.wait()
"""
    script(tmp_path, source)
    done = profile(tmp_path, *FOLLOW[:1], "-o", "out.frames", "app.py")
    assert done.stdout == "[0, 3]\n"
    assert "processes: 3" in done.stderr
    assert "ended by" not in done.stderr
    assert calls(family(tmp_path), "job", "fail") == [1, 1]
    done = profile(tmp_path, *FOLLOW[:1], "-o", "out.frames", "app.py", "4")
    assert "note: 1 process was ended by os._exit or a signal; " in done.stderr


@pytest.mark.skipif(_twin.NAME == "python", reason="the twin saves once a second")
def test_children_that_are_killed(tmp_path: Path) -> None:
    """SIGKILL and Pool.terminate leave what was counted, and are told of."""
    source = """
import multiprocessing as mp, os, signal, subprocess, sys
def job(n): return n
text = "import os\\ndef last(): os.kill(os.getpid(), 9)\\nlast()"
assert subprocess.run([sys.executable, "-c", text]).returncode == -9
with mp.get_context("fork").Pool(2) as pool:
    pool.map(job, range(10))
"""
    script(tmp_path, source)
    done = profile(tmp_path, "--subprocesses", "-o", "out.frames", "app.py")
    assert done.returncode == 0
    note = r"note: (1 process was|[23] processes were) ended by os._exit or a signal; "
    assert re.search(note, done.stderr)  # a worker may end before it is terminated
    assert calls(family(tmp_path), "job", "last") == [10, 1]


SEES = """
import os, sys
print(sys.path, sys.argv, sys.orig_argv[1:], "sitecustomize" in sys.modules)
print(sys.gettrace(), __name__, sys._getframe().f_back, __file__, __spec__)
print(len(globals()), [p for p in sys.path_importer_cache if "start_hook" in p])
def fail(): raise SystemExit(7)
fail()
"""


def test_a_child_sees_nothing(tmp_path: Path) -> None:
    """Output, path, modules and status are those of a child that nobody watches."""
    script(tmp_path, SEES, "child.py")
    source = (
        "import subprocess, sys\nwords = [sys.executable, 'child.py', '-o', 'x']\n"
        "done = subprocess.run(words, capture_output=True, text=True)\n"
        "print(done.stdout, done.stderr, done.returncode)"
    )
    script(tmp_path, source)
    plain = python(tmp_path, "app.py")
    done = profile(tmp_path, *FOLLOW, "app.py")
    assert done.stdout == plain.stdout
    assert plain.stdout.endswith(" 7\n")
    assert calls(family(tmp_path), "fail") == [1]


@pytest.mark.parametrize("ending", ["", "raise ValueError('theirs')", "import nope"])
def test_a_sitecustomize_of_the_user(ending: str, tmp_path: Path) -> None:
    """It is imported as without us, and fails as without us."""
    folder = tmp_path / "site"
    folder.mkdir()
    script(folder, f"import sys\nprint('mine')\n{ending}", "sitecustomize.py")
    source = """
import subprocess, sys
text = "import sys; print('sitecustomize' in sys.modules)"
subprocess.run([sys.executable, "-c", text])
"""
    script(tmp_path, source)
    paths = os.pathsep.join([str(folder), str(Path(HOOK).parents[2])])
    plain = python(tmp_path, "app.py", env={"PYTHONPATH": paths})
    done = profile(tmp_path, *FOLLOW, "app.py", env={"PYTHONPATH": paths})
    assert (done.stdout, done.stderr) == (plain.stdout, plain.stderr)
    assert len(family(tmp_path).info["processes"]) == 2


def test_what_cannot_be_followed_is_counted(tmp_path: Path) -> None:
    """Python with -I, -E, -S or without our environment, and other programs."""
    source = """
import subprocess, sys
for option in ("-I", "-E", "-S"):
    subprocess.run([sys.executable, option, "-c", "print(1)"])
subprocess.run([sys.executable, "-c", "print(2)"], env={})
subprocess.run(["true"])
subprocess.run([sys.executable, "-c", "print(3)"])
"""
    script(tmp_path, source)
    done = profile(tmp_path, "--subprocesses", "-o", "out.frames", "app.py")
    assert sorted(done.stdout.split()) == ["1", "1", "1", "2", "3"]
    assert "note: 5 programs started, but not followed: " in done.stderr
    assert "processes: 2 (times in " in done.stderr


@pytest.mark.parametrize("text", ["", "nonsense", "a\n/nowhere/x.frames\n0 0 0 0"])
def test_a_child_that_cannot_be_watched_runs_all_the_same(
    text: str, tmp_path: Path
) -> None:
    """Whatever the environment has become, the child says no word of it."""
    path = os.pathsep.join([HOOK, str(Path(HOOK).parents[2])])
    done = python(tmp_path, "-c", "print(1)", env={NAME: text, "PYTHONPATH": path})
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
    assert list(tmp_path.iterdir()) == []


def test_files_of_an_earlier_run_are_left_alone(tmp_path: Path) -> None:
    """The same name again, in a directory: only what belongs to this run is merged."""
    source = (
        "import subprocess, sys\ndef once(): pass\nonce()\n"
        "subprocess.run([sys.executable, 'other.py'])"
    )
    script(tmp_path, source)
    script(tmp_path, "def once(): pass\nonce()", "other.py")
    (tmp_path / "data").mkdir()
    for _ in range(2):
        profile(tmp_path, *FOLLOW, "app.py")
    assert len(list(tmp_path.glob("out*.frames"))) == 3
    assert calls(family(tmp_path), "once") == [2]
    profile(tmp_path, "--subprocesses", "--no-report", "-o", "data", "app.py")
    names = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert len(names) == 2
    (first,) = [name for name in names if name.count(".") == 2]
    assert first.startswith("app.")
    assert calls(family(tmp_path / "data", first), "once") == [2]


def test_report_shows_all_or_one(tmp_path: Path) -> None:
    """A file of the first process stands for the run; --alone, and others, do not."""
    text = "def f(): pass\nf()"
    source = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {text!r}])"
    script(tmp_path, source)
    done = profile(tmp_path, "--subprocesses", "-o", "out.frames", "app.py")
    assert "CPU" in done.stderr
    assert ", 2 processes, " in done.stderr.replace("\n ", "")
    again = report(tmp_path, "out.frames").stdout
    assert "processes: 2 (times in " in again
    alone = report(tmp_path, "out.frames", "--alone").stdout
    assert "processes" not in alone
    assert "blocked" in alone
    merged = family(tmp_path)
    merged.save(tmp_path / "copy.frames")
    assert calls(family(tmp_path, "copy.frames"), "f") == calls(merged, "f") == [1]
    assert "processes: 2 (times in " in report(tmp_path, "copy.frames").stdout
    (child,) = tmp_path.glob("out.*.frames")
    assert "processes" not in report(tmp_path, child.name).stdout
    assert report(tmp_path, child.name, "-f", "processes").stdout == ""


def test_a_run_of_many_processes(tmp_path: Path) -> None:
    """All are in the sum; its peak of memory is that of the largest."""
    names = ["out.frames", *(f"out.{pid}.frames" for pid in range(100, 140))]
    for number, name in enumerate(names):
        parent = {"parent": 7} if number else {}
        child = grow(Grower(), run="7-1", peak_rss=number << 20, **parent)
        child.save(tmp_path / name)
    tree = family(tmp_path)
    one = CallTree.load(tmp_path / "out.frames")
    assert list(tree.calls) == [calls * len(names) for calls in one.calls]
    assert [row["file"] for row in tree.info["processes"]] == names
    assert tree.info["peak_rss"] == 40 << 20


def test_a_child_that_is_a_profile_itself(tmp_path: Path) -> None:
    """Its own command watches it, on 3.11 too, where there is place for one."""
    script(tmp_path, "def f(): pass\nf()", "other.py")
    words = ["-m", "frametools.profile", "-o", "other.frames", "other.py"]
    source = f"import subprocess, sys\nsubprocess.run([sys.executable, *{words}])"
    script(tmp_path, source)
    done = profile(tmp_path, *FOLLOW, "app.py")
    assert "frametools: other.py" in done.stderr
    assert calls(CallTree.load(tmp_path / "other.frames"), "f") == [1]
    assert calls(family(tmp_path), "f") == [0]


def test_exec_and_exceptions(tmp_path: Path) -> None:
    """A process that becomes another is followed; its exceptions are in the data."""
    text = "def fail(): raise KeyError\\ntry: fail()\\nexcept KeyError: pass"
    source = f"""
import os, sys
if os.fork() == 0:
    os.execv(sys.executable, [sys.executable, "-c", "{text}"])
os.wait()
"""
    script(tmp_path, source)
    profile(tmp_path, *FOLLOW, "--exceptions", "app.py")
    tree = family(tmp_path)
    assert calls(tree, "fail") == [1]
    assert "fail" in [row["function"] for row in tree.exceptions]


def test_the_form(grower: Grower) -> None:
    """The first process, then those with most CPU; multiprocessing has short names."""
    text = "from multiprocessing.spawn import spawn_main; spawn_main(pipe_handle=9)"
    rows = [
        row(7, 0, 20, ["app.py", "a b"], "out.frames"),
        row(8, 7, 10, ["-B", "-c", text], "out.8.frames"),
        row(9, 8, 1_500, ["app.py", "a b"], "out.9.frames", is_forked=True),
        row(10, 7, 5, ["-c", "print(1)"], "out.10.frames"),
    ]
    tree = grower.finish(processes=rows)
    lines = rendered(tree, "processes", width=90, limit=3).splitlines()
    assert lines == [
        "processes: 3 of 4 (times in ms)",
        "  pid  calls      CPU     wall  program                  data",
        "    7  1,234    20.00    40.00  app.py 'a b'             out.frames",
        "    9  1,234  1500.00  3000.00  fork of 8: app.py 'a b'  out.9.frames",
        "    8  1,234    10.00    20.00  multiprocessing.spawn    out.8.frames",
    ]


@pytest.mark.parametrize(
    "change", [{"pid": "7"}, {"command": [7]}, {"cpu": None}], ids=str
)
def test_rows_that_are_damaged(change: dict[str, object], grower: Grower) -> None:
    """They cost the section, not the report."""
    rows = [row(7, 0, 20, ["app.py"], "out.frames") | change]
    tree = grow(grower, processes=rows)
    assert lacking(tree, "processes").startswith("processes shows ")
    assert "blocked" in rendered(tree, "summary")


def row(
    pid: int, parent: int, cpu: int, command: list[str], file: str, **more: bool
) -> dict[str, object]:
    """Make what is known of a process; `cpu` in ms."""
    return {
        "pid": pid,
        "parent": parent,
        "command": command,
        "file": file,
        "cpu": cpu * MS,
        "wall": 2 * cpu * MS,
        "calls": 1_234,
        "began": 0,
        "is_forked": False,
        "is_finished": True,
        **more,
    }


def test_filters(tmp_path: Path) -> None:
    """--include is for the children too, from their first code to their last."""
    script(tmp_path, "import json\ndef f(): json.dumps(1)\nf()", "other.py")
    source = "import subprocess, sys\nsubprocess.run([sys.executable, 'other.py'])"
    script(tmp_path, source)
    profile(tmp_path, *FOLLOW, "--include", "*/other.py", "app.py")
    tree = family(tmp_path)
    assert {row.code.qualname: row.calls for row in tree.functions()} == {
        "<module>": 1,
        "f": 1,
    }
    assert (tree.unmatched, tree.repaired, sum(tree.returns)) == (0, 0, 2)


def test_no_frame_is_kept(tmp_path: Path) -> None:
    """And no frame is kept in a child: objects die when they would have."""
    text = (
        "import weakref\nclass Thing: pass\ndef use():\n thing = Thing()\n"
        " return weakref.ref(thing)\nprint(use()())"
    )
    source = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {text!r}])"
    script(tmp_path, source)
    assert profile(tmp_path, *FOLLOW, "app.py").stdout == "None\n"
