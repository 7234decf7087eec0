"""python -m frametools.vm: a program runs as under plain Python, but in the VM."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from frametools.vm import _runner

ROOT = Path(__file__).parent.parent.parent


class Outcome(NamedTuple):
    """What a process showed."""

    status: int
    stdout: str
    stderr: str


def run(words: list[str], folder: Path, stdin: str = "", vm: bool = False) -> Outcome:
    """Run Python, or the VM, with these words."""
    launcher = ["-m", "frametools.vm"] if vm else []
    done = subprocess.run(
        [sys.executable, *launcher, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        input=stdin,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
    )
    stderr = re.sub(r"0x[0-9a-f]+|(?<=started )\d+", "~", done.stderr)
    return Outcome(done.returncode, done.stdout, stderr)


def same(words: list[str], folder: Path, stdin: str = "") -> Outcome:
    """Run plain and in the VM; the outcome has to be the same."""
    expected = run(words, folder, stdin)
    assert run(words, folder, stdin, vm=True) == expected
    return expected


ASKS = """\
import sys

def inner(n):
    frame, names = sys._getframe(), []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names

print(sys.argv, __name__, inner(3), sys.path[0])
print(sorted(k for k in globals()))
if len(sys.argv) > 1:
    1 / 0
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with a program in it."""
    (tmp_path / "app.py").write_text(ASKS)
    return tmp_path


def test_script(app: Path) -> None:
    """A script has its arguments, its `__main__` and its frames, and no others."""
    assert same(["app.py"], app).status == 0
    outcome = same(["app.py", "-x", "--native"], app)
    assert outcome.status == 1
    assert outcome.stderr.startswith("Traceback (most recent call last):\n  File")


def test_module(app: Path) -> None:
    """-m runs a module by runpy, whose frames are there as they are natively."""
    assert "runpy" in same(["-m", "app", "fail"], app).stderr


def test_command_and_stdin(app: Path) -> None:
    """-c and standard input."""
    same(["-c", ASKS, "a"], app)
    same(["-"], app, stdin=ASKS)


def test_directory_and_zip(tmp_path: Path) -> None:
    """A directory and a zip file with a `__main__`."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/__main__.py").write_text(ASKS)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.writestr("__main__.py", ASKS)
    same(["folder", "fail"], tmp_path)
    same(["app.zip", "fail"], tmp_path)


ENDS = {
    "exit": "import sys; sys.exit(7)",
    "text": "raise SystemExit('text')",
    "interrupt": "def f(): raise KeyboardInterrupt\nf()",
    "os_exit": "import os; print('x', flush=True); os._exit(5)",
    "atexit": "import atexit\n@atexit.register\ndef f(): print('end'); 1 / 0\n",
    "thread": (
        "import threading, time\ndef f():\n    time.sleep(0.1); print('late'); 1 / 0\n"
        "threading.Thread(target=f, name='mine').start()\n"
    ),
    "bare_thread": (
        "import _thread, time\ndef f():\n    1 / 0\n"
        "_thread.start_new_thread(f, ()); time.sleep(1)\n"
    ),
    "excepthook": (
        "import sys, traceback\ndef hook(*args): traceback.print_exception(*args)\n"
        "sys.excepthook = hook\ndef f(): {}['key']\nf()\n"
    ),
    "chained": (
        "def f():\n    try: 1 / 0\n    except ZeroDivisionError: [].x\n"
        "try: f()\nexcept AttributeError as error: raise ValueError('v') from error\n"
    ),
    "unraisable": "class C:\n    def __del__(self): 1 / 0\nC()\n",
    "callback": "def key(x): return 1 / x\nsorted([1, 0], key=key)\n",
    "syntax": "x = = 1\n",
    "import_error": "import nothing_of_the_kind\n",
    "recursion": "def f(n): return f(n + 1)\nf(0)\n",
}


@pytest.mark.parametrize("name", ENDS)
def test_ends(name: str, tmp_path: Path) -> None:
    """Exit codes, signals and tracebacks are those of plain Python."""
    (tmp_path / "app.py").write_text(ENDS[name])
    same(["app.py"], tmp_path)


def test_it_is_the_vm_that_runs(app: Path) -> None:
    """--native and --interpret say what the VM runs; by default all of it."""
    source = (
        "import textwrap, asked_mod\n"
        "code = lambda f: type(f).__dict__['__code__'].__get__(f)\n"
        "ours = lambda f: 'arguments' in code(f).co_varnames\n"
        "print(ours(ours), ours(asked_mod.who))\n"
    )
    (app / "asked_mod.py").write_text("def who():\n    return 1\n")
    for options, expected in (
        ([], "True True"),
        (["--native", "asked_*"], "True False"),
        (["--native=*"], "False False"),
        (["--native", "*", "--interpret=asked_mod"], "False True"),
    ):
        outcome = run([*options, "-c", source], app, vm=True)
        assert outcome == Outcome(0, expected + "\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no program to run"),
        (["--nothing", "app.py"], "no such option: --nothing"),
        (["--native"], "option --native needs a value"),
        (["none.py"], "can't open file 'none.py': No such file or directory"),
        (["-m", "none_such"], "No module named none_such"),
        (["-z"], "unknown option -z"),
    ],
)
def test_refusals(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot begin is one clear line, and status 2."""
    assert _runner.main(words, "frametools vm") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"frametools: {message}")
    assert said.err.count("\n") == 1


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--help and --version answer and run nothing."""
    for option, part in (("--help", "usage: frametools vm"), ("--version", "frame")):
        assert _runner.main([option], "frametools vm") == 0
        assert part in capsys.readouterr().out


def test_sub_command(app: Path) -> None:
    """`frametools vm` is the same command."""
    done = run(["-m", "frametools", "vm", "-c", "print(6 * 7)"], app)
    assert done == Outcome(0, "42\n", "")
