"""vm.trace: the table of instructions with the value stack, as golden files."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from frametools import vm
from frametools.vm import fitting

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

def raises_here():
    try:
        raise KeyError("x")
    except KeyError:
        raise ValueError

def stops():
    numbers = (n for n in [1])
    try:
        next(numbers), next(numbers)
    except StopIteration:
        pass

def appends():
    found = []
    for c in "ab":
        found.append(c)
    return [c * 12 for c in found]

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
    "raises_here": (),
    "stops": (),
    "appends": (),
    "with_long_stack": (),
}


def functions() -> dict[str, Any]:
    """Compile the programs."""
    names: dict[str, Any] = {"__name__": "app"}
    exec(compile(PROGRAM, "app.py", "exec"), names)
    return names


def table(name: str, width: int | None = None) -> str:
    """Trace one of them."""
    out = io.StringIO()
    with contextlib.suppress(ValueError):
        vm.trace(functions()[name], *CALLS[name], file=out, width=width)
    return out.getvalue()


@pytest.mark.parametrize("name", CALLS)
def test_table(name: str) -> None:
    """Each program's table is as it was; FRAMETOOLS_UPDATE_GOLDEN=1 rewrites it."""
    out = table(name, 80)
    path = GOLDEN / f"trace-{name}-{VERSION}.txt"
    if os.environ.get("FRAMETOOLS_UPDATE_GOLDEN") == "1":
        path.write_text(out)
    assert out == path.read_text()


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
    assert "raise ZeroDivisionError('division by zero')" in "".join(rows[-3:-1])
    assert rows[-1].strip() == "unwind fails"


@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
def test_rows_fit(width: int) -> None:
    """No row is wider than it may be."""
    for name in CALLS:
        assert max(map(len, table(name, width).splitlines())) <= width


def test_the_terminal_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are as wide as the terminal is, or as COLUMNS says."""
    monkeypatch.setenv("COLUMNS", "132")
    assert table("raises") == table("raises", 132) != table("raises", 80)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ((), (None, "1"), ("[]", "[NULL, 1]")),
        (("'long one'",) * 3, ("'long one'",) * 4, ("[2…, 'long one']",) * 1),
        (("<x object>", "2"), ("<x object>",), ("[<x object>, 2]", "[<x object>]")),
        (
            (str(list(range(20))), "20"),
            (str(list(range(21))),),
            ("[[0…18, 19], 20]", "[[0,…8, 19, 20]]"),
        ),
    ],
)
def test_what_changed_stays(
    before: tuple[str | None, ...],
    after: tuple[str | None, ...],
    shown: tuple[str, ...],
) -> None:
    """What is the same is left out first, and counted; a list keeps its end."""
    found = fitting.stacks(before, after, (16, 16))
    assert found[: len(shown)] == shown
    assert found[0] != found[1]
