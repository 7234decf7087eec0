"""`python -m frametools.vm --check`: same, different, and what cannot be run."""

from __future__ import annotations

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
