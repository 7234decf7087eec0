"""vm.trace: the table of instructions with the value stack, as golden files."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from frametools import vm

GOLDEN = Path(__file__).parent / "golden"
VERSION = "{}.{}".format(*sys.version_info)

PROGRAM = """\
def product(a, b, c):
    return (a + b) * c

def calls(x):
    return product(x, x, x) + 1

def loops():
    total = 0
    for n in (1, 2):
        total += n
    return total

def raises():
    try:
        fails()
    except ZeroDivisionError as error:
        return error

def fails():
    return 1 / 0

def yields():
    def numbers():
        yield 1
        return 2
    return [*numbers()]

def closes():
    seen = []
    def key(x):
        seen.append(x)
        return -x
    return sorted([1, 2], key=key), seen

def with_long_stack():
    return ["a" * 20, "b" * 20, "c" * 20, "d" * 20]
"""
CALLS = {
    "product": (1, 2, 3),
    "calls": (4,),
    "loops": (),
    "raises": (),
    "yields": (),
    "closes": (),
    "with_long_stack": (),
}


def functions() -> dict[str, Any]:
    """Compile the programs."""
    names: dict[str, Any] = {"__name__": "app"}
    exec(compile(PROGRAM, "app.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", CALLS)
def test_table(name: str) -> None:
    """Each program's table is as it was; FRAMETOOLS_UPDATE_GOLDEN=1 rewrites it."""
    out = io.StringIO()
    vm.trace(functions()[name], *CALLS[name], file=out)
    path = GOLDEN / f"trace-{name}-{VERSION}.txt"
    if os.environ.get("FRAMETOOLS_UPDATE_GOLDEN") == "1":
        path.write_text(out.getvalue())
    assert out.getvalue() == path.read_text()


def test_result_and_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """It returns what the function returns, and prints to standard output."""
    assert vm.trace(functions()["product"], 1, 2, 3) == 9
    assert capsys.readouterr().out.endswith("return 9\n")


def test_what_is_raised() -> None:
    """What the function raises is raised, after its rows."""
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError):
        vm.trace(functions()["fails"], file=out)
    rows = out.getvalue().splitlines()
    assert "raise ZeroDivisionError('division by zero')" in rows[-2]
    assert rows[-1].strip() == "unwind fails"


def test_lines_are_bounded() -> None:
    """No row is wider than its columns and what happened need."""
    out = io.StringIO()
    vm.trace(functions()["with_long_stack"], file=out)
    assert (
        max(map(len, out.getvalue().splitlines()))
        <= 14 + 30 + 2 + 40 + 2 + len("return ") + 60
    )
