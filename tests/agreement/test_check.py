"""`python -m frametools.vm --check`: same, different, and what cannot be run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
import sys

def down(n):
    return n and down(n - 1)

def numbers():
    yield from range(3)

try:
    down(3) / 0
except ZeroDivisionError:
    print(list(numbers()), sys.argv[1:], sys.stdin.read())
sys.exit(3)
"""
DIFFERENT = """\
import sys
if "frametools.vm" in sys.modules:
    print("in the VM")
else:
    print("not", end="")
"""


def check(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "frametools.vm", "--check", *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_same(tmp_path: Path) -> None:
    """Arguments, input and exit status are the program's, in both."""
    app = tmp_path / "app.py"
    app.write_text(PROGRAM)
    done = check(str(app), "one", stdin="text")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("same: ")
    assert done.stdout.endswith(" events, output, exit status 3\n")


def test_same_from_the_first_import(tmp_path: Path) -> None:
    """What the monitor itself imports is not taken for the program's."""
    app = tmp_path / "app.py"
    app.write_text(
        "import sys\nsys.modules.pop('_weakrefset', None)\nimport _weakrefset\n"
    )
    done = check("--include", "*/_weakrefset.py", str(app))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_different(tmp_path: Path) -> None:
    """The first difference is shown with both sides, and that of the output."""
    app = tmp_path / "app.py"
    app.write_text(DIFFERENT)
    done = check("--events", "line", str(app))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("different: event ")
    assert [line[:5] for line in lines if line[4:5] == ">"] == ["  vm>", "host>"] * 2
    assert "  vm> in the VM" in lines
    assert "host> not" in lines
    assert lines[-2].startswith("The host did the same a second time.")


def test_same_syntax_error(tmp_path: Path) -> None:
    """A program that does not compile does nothing, and says the same in both."""
    app = tmp_path / "app.py"
    app.write_text("def f(:\n    pass\n")
    done = check(str(app))
    assert done.stdout == "same: 0 events, output, exit status 1\n"
    assert (done.returncode, done.stderr) == (0, "")


UNSTEADY = """\
import pathlib
import sys
runs = pathlib.Path(sys.argv[1])
runs.write_bytes(runs.read_bytes() + b".")
if runs.stat().st_size > 1:
    print("not the first")
"""


def test_not_comparable(tmp_path: Path) -> None:
    """A program that does not do the same twice is told apart from a difference."""
    app, runs = tmp_path / "app.py", tmp_path / "runs"
    app.write_text(UNSTEADY)
    runs.touch()
    done = check("--events", "", str(app), str(runs))
    assert (done.returncode, done.stderr) == (3, "")
    assert runs.read_text() == "...", "the host runs once more after a difference"
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        (
            "not comparable: the host itself ran differently the second time: "
            "output, line 1"
        ),
        " 1st> (ended)",
        " 2nd> not the first",
    ]
    assert lines[-1].startswith("races of threads")


def test_runs_twice_where_it_is_the_same(tmp_path: Path) -> None:
    """The host runs again only after a difference."""
    app, runs = tmp_path / "app.py", tmp_path / "runs"
    app.write_text(UNSTEADY.partition("if")[0])
    runs.touch()
    assert check("--events", "line", str(app), str(runs)).returncode == 0
    assert runs.read_text() == ".."


def test_no_recording() -> None:
    """A program that ends by os._exit leaves nothing to compare."""
    done = check("-c", "import os; os._exit(0)")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == "not comparable: no recording (os._exit, or a signal)\n"


def test_tells_a_terminal_what_it_does() -> None:
    """Standard error says what is being run, if somebody may be waiting there."""
    pty = pytest.importorskip("pty", reason="terminals of its own has Unix only")
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "frametools.vm", "--check", "--events", "", "-c"]
    done = subprocess.run(
        [*command, ""], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=theirs, check=False, timeout=120,
    )  # fmt: skip
    os.close(theirs)
    told = os.read(mine, 10_000).decode().splitlines()
    os.close(mine)
    assert done.stdout == b"same: 2 events, output, exit status 0\n"
    assert told == [
        "frametools: running it on the host ...",
        "frametools: 2 events; running it in the VM ...",
        "frametools: 2 events; comparing ...",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no program to run"),
        (("nothing.py",), "can't open file"),
        (("--events", "FOO", "x.py"), "no such events: FOO"),
        (("--nothing", "x.py"), "no such option: --nothing"),
        (("-",), "cannot be run twice"),
    ],
)
def test_refused(words: tuple[str, ...], message: str) -> None:
    """One line, and status 2."""
    done = check(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_help() -> None:
    """It says what it compares."""
    done = check("--help")
    assert done.returncode == 0
    assert "INSTRUCTION" in done.stdout
