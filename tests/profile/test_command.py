"""`python -m frametools.profile` from end to end, in processes of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from frametools._python import HAS_MONITORING
from frametools.calltree import CallTree
from frametools.events import EventKind
from frametools.recording import Recording
from tests.profile.running import profile, python, script

FIB = """
import sys
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(10), sys.argv[1:])
"""


def calls_of(path: Path) -> dict[str, int]:
    """Count the calls of each function of the program, and of C functions."""
    rows = CallTree.load(path).functions()
    return {
        row.code.qualname: row.calls
        for row in rows
        if os.path.basename(row.code.filename) in ("app.py", "")
    }


def data_file(folder: Path, pattern: str = "*.frames") -> Path:
    """Find the only data file in a folder."""
    (path,) = folder.glob(pattern)
    return path


def test_a_filter_that_matches_nothing(tmp_path: Path) -> None:
    """The report says which filter it was, and gives no figures of nothing."""
    script(tmp_path, "print(1)")
    done = profile(tmp_path, "--include", "nope/*", "--exclude=x", "app.py")
    assert "no function matched --include nope/* --exclude x\n" in done.stderr
    assert "thread" not in done.stderr
    assert "no time was spent" not in done.stderr


def test_a_program_that_does_not_compile(tmp_path: Path) -> None:
    """None of it has run, so there is its traceback, and nothing of ours."""
    script(tmp_path, "print(1)\ndef (\n")
    done = profile(tmp_path, "--record", "--html", "a.html", "app.py")
    plain = python(tmp_path, "app.py")
    assert done.stderr == plain.stderr
    assert (done.returncode, done.stdout) == (plain.returncode, "") == (1, "")
    assert os.listdir(tmp_path) == ["app.py"]


def test_a_long_name_is_shortened(tmp_path: Path) -> None:
    """The data file's name has room for what is added to the program's."""
    name = "ü" * 126 + ".py"
    script(tmp_path, "import os\nif not os.fork(): os._exit(0)\nos.wait()", name)
    done = profile(tmp_path, name)
    assert done.returncode == 0
    assert "cannot" not in done.stderr
    assert any(path.suffix == ".frames" for path in tmp_path.iterdir())


def test_a_run(tmp_path: Path) -> None:
    """Output is the program's own; the report and the data are ours."""
    script(tmp_path, FIB)
    done = profile(tmp_path, "app.py", "--help", "-o", "x")
    assert (done.returncode, done.stdout) == (0, "55 ['--help', '-o', 'x']\n")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("frametools: app.py --help -o x  (CPython 3.")
    assert "  177/1  " in done.stderr
    data = data_file(tmp_path)
    assert data.name.startswith("app.")
    assert lines[-1].endswith(f"python -m frametools report {data.name}")
    assert calls_of(data) == {"<module>": 1, "fib": 177}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["-m", "pkg.mod", "--raw"], "mod"),
        (["-c", "print('said')"], "command"),
        (["pkg"], "pkg"),
        (["-"], "stdin"),
    ],
)
def test_every_kind_of_program(words: list[str], name: str, tmp_path: Path) -> None:
    """Modules, code, directories and standard input run, and name their data."""
    (tmp_path / "pkg").mkdir()
    for file in ("__init__", "__main__", "mod"):
        script(tmp_path / "pkg", "print('said')" * (file != "__init__"), f"{file}.py")
    done = profile(tmp_path, "-q", *words, input="print('said')")
    assert (done.returncode, done.stdout) == (0, "said\n")
    assert data_file(tmp_path).name.split(".")[-3] == name


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nope", "app.py"], "no such option: --nope"),
        ([], "no program to run; python -m frametools.profile --help tells more"),
        (["missing.py"], "can't open file 'missing.py': No such file or directory"),
        (["-m", "no_such_module"], "no_such_module"),
        (["-m", "no_such.module"], "no_such.module"),
        (["-o", "app.py", "app.py"], "app.py is not a frametools data file"),
        (["-o", ".", "app.py"], "is not a regular file"),
        (["-o", "none/x", "app.py"], "none/x: No such file or directory"),
    ],
)
def test_one_line_and_status_2(words: list[str], message: str, tmp_path: Path) -> None:
    """What cannot begin says so in one line; nothing ran, nothing is left or lost."""
    script(tmp_path, FIB)
    done = profile(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("frametools: ")
    assert message in line
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
    assert (tmp_path / "app.py").read_text() == FIB


def test_an_old_data_file_is_replaced(tmp_path: Path) -> None:
    """-o may name a data file, and an empty file as mktemp makes it."""
    script(tmp_path, FIB)
    out = tmp_path / "out.frames"
    out.touch()
    assert profile(tmp_path, "-o", "out.frames", "app.py").returncode == 0
    script(tmp_path, "def once(): pass\nonce()")
    assert profile(tmp_path, "-o", "out.frames", "app.py").returncode == 0
    assert calls_of(out) == {"<module>": 1, "once": 1}


@pytest.mark.skipif(os.name != "posix" or not os.getuid(), reason="root writes all")
def test_no_write_permission(tmp_path: Path) -> None:
    """Where nothing can be written, the temporary directory takes the data."""
    home, other = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    other.mkdir()
    script(home, FIB)
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = profile(home, "app.py", env={"TMPDIR": str(other)})
    home.chmod(0o700)
    assert str(data_file(other)) in done.stderr


def test_help_and_version(tmp_path: Path) -> None:
    """--help and --version are answered on standard output."""
    done = profile(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m frametools.profile [options]")
    assert profile(tmp_path, "--version").stdout.startswith("frametools 0.")
    assert "report FILE" in python(tmp_path, "-m", "frametools", "--help").stdout


def test_the_frametools_command(tmp_path: Path) -> None:
    """`frametools profile` is the same program; an unknown command is one line."""
    script(tmp_path, FIB)
    done = python(tmp_path, "-m", "frametools", "profile", "app.py")
    assert done.stdout == "55 []\n"
    assert "to see it again: frametools report app." in done.stderr
    done = python(tmp_path, "-m", "frametools", "fly")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("sys.exit(3)", 3),
        ("sys.exit('text')", 1),
        ("raise ValueError('wrong')", 1),
        ("os._exit(4)", 4),
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
    ],
)
def test_data_survive_every_end(ending: str, status: int, tmp_path: Path) -> None:
    """The end is the program's own, and the counts are in the file."""
    source = f"import os, signal, sys\ndef f(): pass\nfor i in range(9): f()\n{ending}"
    script(tmp_path, source)
    plain = python(tmp_path, "app.py")
    done = profile(tmp_path, "app.py")
    assert done.returncode == plain.returncode == status
    assert done.stderr.partition("frametools: ")[0] == plain.stderr
    tree = CallTree.load(data_file(tmp_path))
    assert calls_of(data_file(tmp_path))["f"] == 9
    assert tree.info["command"] == ["app.py"]
    assert tree.is_finished == ("frametools: " in done.stderr)


def test_ctrl_c_gives_the_report(tmp_path: Path) -> None:
    """An interrupt ends the program, and the report comes all the same."""
    script(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGINT)")
    assert "functions by self CPU" in profile(tmp_path, "app.py").stderr


HOSTILE = {
    "closes descriptor 2": "import os; os.close(2)",
    "closes sys.stderr": "import sys; sys.stderr.close(); sys.stdout = None",
    "deletes builtins": "import builtins; del builtins.len, builtins.print",
    "breaks import": "import sys, builtins\nbuiltins.__import__ = None\nsys.path = []",
    "empties sys.modules": (
        "import sys\nfor name in [*sys.modules]:\n"
        " if name != '__main__': del sys.modules[name]"
    ),
    "forgets us": (
        "import sys\nfor n in list(sys.modules):\n"
        " if n.startswith('frametools'): del sys.modules[n]"
    ),
    "changes directory": "import os; os.chdir('/')",
    "has little recursion": "import sys; sys.setrecursionlimit(40)",
    "leaves a trace function": (
        "import sys\nsys.settrace(lambda frame, *rest: print(frame.f_code.co_name))"
    ),
    "has a json.py": "import json; assert json.MINE",
    "turns warnings into errors": "import warnings; warnings.simplefilter('error')",
    "writes without newline": "import sys; sys.stdout.write('said')",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_programs_that_pull_the_rug(what: str, tmp_path: Path) -> None:
    """Whatever a program did to its interpreter, the report comes."""
    script(tmp_path, "MINE = True", "json.py")
    script(tmp_path, HOSTILE[what] + "\n")
    plain = python(tmp_path, "app.py")
    done = profile(tmp_path, "app.py")
    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
    assert "functions by self CPU" in done.stderr
    assert "report failed" not in done.stderr
    assert data_file(tmp_path).stat().st_size


def test_nothing_is_written_to_what_took_our_descriptor(tmp_path: Path) -> None:
    """All descriptors closed and others opened: their files stay untouched."""
    source = """
import os
os.closerange(2, 1000)
made = [os.open(f"{n}.txt", os.O_RDWR | os.O_CREAT) for n in range(300)]
"""
    script(tmp_path, source)
    done = profile(tmp_path, "app.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(path.stat().st_size for path in tmp_path.glob("*.txt")) == 0
    assert CallTree.load(data_file(tmp_path)).is_finished


def test_forked_children_have_files_of_their_own(tmp_path: Path) -> None:
    """A child's data lie beside its parent's, which says so; it prints nothing."""
    source = """
import os, sys
def child(): pass
for last in (os._exit, sys.exit):
    pid = os.fork()
    if pid == 0:
        child()
        last(0)
    os.waitpid(pid, 0)
"""
    script(tmp_path, source)
    done = profile(tmp_path, "-o", "out.frames", "app.py")
    assert done.stderr.count("frametools: ") == 1
    assert "note: the data of 2 forked children: out.*.frames" in done.stderr
    children = list(tmp_path.glob("out.*.frames"))
    assert [calls_of(path)["child"] for path in children] == [1, 1]
    assert CallTree.load(children[0]).info["command"] == ["app.py"]
    assert "child" not in calls_of(tmp_path / "out.frames")


def test_costs_are_known_from_the_start(tmp_path: Path) -> None:
    """Killed processes, and children that never end a run, have costs to subtract."""
    source = """
import os, signal, sys
if os.fork() == 0:
    os._exit(0)
os.wait()
os.kill(os.getpid(), signal.SIGKILL)
"""
    script(tmp_path, source)
    assert profile(tmp_path, "-o", "out.frames", "app.py").returncode == -9
    files = sorted(tmp_path.glob("out*.frames"))
    costs = [CallTree.load(path).costs for path in files]
    assert len(files) == 2
    assert costs[0] == costs[1]
    assert costs[0].inside + costs[0].outside > 0


def test_filters(tmp_path: Path) -> None:
    """--include and --exclude decide what is in the tree."""
    script(tmp_path, "import json\ndef a(): json.dumps([1])\ndef b(): a()\nb()")
    out = tmp_path / "out.frames"
    profile(tmp_path, "-o", "out.frames", "--include", "app.py", "app.py")
    assert calls_of(out) == {"<module>": 1, "a": 1, "b": 1}
    profile(
        tmp_path, "-o", "out.frames", "--include=app.py", "--exclude", "a", "app.py"
    )
    assert calls_of(out) == {"<module>": 1, "b": 1}


@pytest.mark.skipif(not HAS_MONITORING, reason="no local events on 3.11")
def test_what_is_left_out_costs_nothing(tmp_path: Path) -> None:
    """With a filter the events that every function has are local to what is shown."""
    source = """
import json, sys
m = sys.monitoring
(tool,) = [i for i in range(6) if m.get_tool(i) == "frametools"]
def wanted(): pass
json.dumps([1])
wanted()
e = m.events
often = e.PY_RETURN | e.PY_RESUME | e.PY_YIELD | e.CALL | e.LINE
code = json.dumps.__code__
print(m.get_events(tool) & often, m.get_local_events(tool, code) & often)
print(bool(m.get_local_events(tool, wanted.__code__) & e.PY_RETURN))
"""
    script(tmp_path, source)
    done = profile(tmp_path, "-q", "--include", "app.py", "app.py")
    assert (done.stdout, done.returncode) == ("0 0\nTrue\n", 0)


@pytest.mark.parametrize("name", ["_interpreters", "_xxsubinterpreters"])
def test_subinterpreters(tmp_path: Path, name: str) -> None:
    """A program that makes one is told that what ran there was not seen."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"there is no {name} here")
    source = f"""
import {name} as interpreters
made = interpreters.create()
interpreters.run_string(made, "print('inside', flush=True)")
interpreters.destroy(made)
"""
    script(tmp_path, source)
    done = profile(tmp_path, "app.py")
    assert (done.stdout, done.returncode) == ("inside\n", 0)
    notice = "note: subinterpreters were used; what ran in them was not seen"
    assert notice in done.stderr


def test_c_calls(tmp_path: Path) -> None:
    """--c-calls adds C functions, under those who called them."""
    script(tmp_path, "def f(): return [len('x') for i in range(5)]\nf()")
    done = profile(tmp_path, "--c-calls", "-o", "out.frames", "app.py")
    assert calls_of(tmp_path / "out.frames")["builtins.len"] == 5
    assert "{builtins.len}" in done.stderr


def test_low(tmp_path: Path) -> None:
    """--low keeps counts exact and says that times are sampled."""
    script(tmp_path, FIB)
    done = profile(tmp_path, "--low", "-o", "out.frames", "app.py")
    assert calls_of(tmp_path / "out.frames") == {"<module>": 1, "fib": 177}
    assert "note: times are sampled" in done.stderr


def test_record(tmp_path: Path) -> None:
    """--record keeps the events; speedscope shows them as a time line."""
    script(tmp_path, FIB)
    profile(tmp_path, "--record", "-o", "out.frames", "app.py")
    recording = Recording.load(tmp_path / "out.frames")
    starts = [event for event in recording if event.kind == EventKind.PY_START]
    assert sum(event.code.filename.endswith("app.py") for event in starts) == 178
    words = ["report", "out.frames", "-f", "speedscope"]
    done = python(tmp_path, "-m", "frametools", *words)
    (thread,) = json.loads(done.stdout)["profiles"]
    assert thread["type"] == "evented"
    check_time_line(thread)
    assert len(thread["events"]) == 2 * len(starts)


def check_time_line(thread: dict[str, object]) -> None:
    """Assert what speedscope asks of an evented profile."""
    stack: list[object] = []
    now = thread["startValue"]
    for event in thread["events"]:  # type: ignore[attr-defined]
        assert now <= event["at"]
        now = event["at"]
        if event["type"] == "O":
            stack.append(event["frame"])
        else:
            assert stack.pop() == event["frame"]
    assert stack == []
    assert now <= thread["endValue"]  # type: ignore[operator]


@pytest.mark.parametrize(("keep", "part"), [("first", "late"), ("last", "early")])
def test_a_record_that_was_cut_says_so(keep: str, part: str, tmp_path: Path) -> None:
    """--max-events bounds the events, and the report says which part is missing."""
    script(tmp_path, FIB)
    bound = ["--record", "--max-events", "50", "--keep", keep]
    done = profile(tmp_path, *bound, "-o", "out.frames", "app.py")
    assert f"note: the record lacks the {part} part: " in done.stderr
    assert calls_of(tmp_path / "out.frames")["fib"] == 177
    words = ["report", "out.frames", "-f", "speedscope"]
    data = json.loads(python(tmp_path, "-m", "frametools", *words).stdout)
    for thread in data["profiles"]:
        check_time_line(thread)


def test_no_report(tmp_path: Path) -> None:
    """--no-report leaves only the data."""
    script(tmp_path, FIB)
    assert profile(tmp_path, "--no-report", "app.py").stderr == ""
    assert calls_of(data_file(tmp_path))["fib"] == 177


def test_an_encoding_that_cannot_draw(tmp_path: Path) -> None:
    """A terminal in ASCII gets ASCII."""
    script(tmp_path, FIB)
    done = profile(tmp_path, "app.py", env={"PYTHONIOENCODING": "ascii"})
    assert done.stderr.isascii()
    assert "`-fib" in done.stderr


def test_colour_is_for_terminals(tmp_path: Path) -> None:
    """None in a pipe, unless FORCE_COLOR; NO_COLOR wins."""
    script(tmp_path, FIB)
    forced = {"FORCE_COLOR": "1"}
    assert "\x1b[" not in profile(tmp_path, "app.py").stderr
    assert "\x1b[" in profile(tmp_path, "app.py", env=forced).stderr
    both = {**forced, "NO_COLOR": "1"}
    assert "\x1b[" not in profile(tmp_path, "app.py", env=both).stderr


def test_the_program_sees_no_new_modules(tmp_path: Path) -> None:
    """What the program finds imported has nothing heavy of ours in it."""
    script(tmp_path, "import sys; print(*sorted(sys.modules))")
    plain = set(python(tmp_path, "app.py").stdout.split())
    seen = set(profile(tmp_path, "-q", "app.py").stdout.split())
    new = {name for name in seen - plain if not name.startswith("frametools")}
    heavy = "argparse array enum inspect json psutil re rich typing"
    assert new & set(heavy.split()) == set()


def test_no_frame_is_kept(tmp_path: Path) -> None:
    """And no frame is kept: objects of the program die when they would have."""
    source = """
import weakref
class Thing: pass
def use():
    thing = Thing()
    return weakref.ref(thing)
def fail():
    thing = Thing()
    try:
        raise ValueError
    except ValueError:
        return weakref.ref(thing)
print(use()(), fail()())
"""
    script(tmp_path, source)
    for options in ([], ["--record"], ["--c-calls"], ["--exceptions"]):
        assert profile(tmp_path, *options, "app.py").stdout == "None None\n", options


def test_the_report_command_finds_the_interpreter(tmp_path: Path) -> None:
    """The head names the Python that ran the program."""
    script(tmp_path, "")
    version = sys.version.split()[0]
    assert f"(CPython {version})" in profile(tmp_path, "app.py").stderr


def test_exceptions(tmp_path: Path) -> None:
    """--exceptions adds the section, and the rows are in the data."""
    source = """
def fail():
    raise KeyError("gone")
def safe():
    try:
        fail()
    except KeyError:
        pass
for _ in range(3):
    safe()
fail()
"""
    script(tmp_path, source)
    done = profile(tmp_path, "--exceptions", "-o", "out.frames", "app.py")
    assert done.returncode == 1
    assert "exceptions: 4 raised, 3 handled, 1 escaped" in done.stderr
    (row,) = CallTree.load(tmp_path / "out.frames").exceptions
    assert (row["function"], row["raised"]) == ("fail", 4)
