"""The programs of tests/programs in the VM: what they return and print is the same."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frametools import vm

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = Path(__file__).parent.parent / "programs"
NAMES = sorted(p.stem for p in PROGRAMS.glob("*.py") if p.stem != "__init__")
NEEDS = {"greenlets": "greenlet", "greenlet_generators": "greenlet"}
OWN_PROCESS = {
    "fork": "a fork of the test run would go on with the other tests",
    "signals": "only the program's own handlers may be set",
}
RUN = "import sys; sys.path[:0] = [{!r}]; import {} as it; print(it.main())"


def main_of(name: str) -> Any:
    """Import a program anew and run it."""
    path = PROGRAMS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"programs.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main()


def outcome(call: Callable[[], Any]) -> tuple[str, str]:
    """What a call returns or raises, without addresses, and what it prints."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            result = repr(call())
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    return re.sub(" at 0x[0-9a-f]+", "", result), printed.getvalue()


@pytest.mark.parametrize("name", [n for n in NAMES if n not in OWN_PROCESS])
def test_program(name: str) -> None:
    """The VM imports and runs a program with the result of plain Python."""
    if name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed")
    expected = outcome(lambda: main_of(name))
    assert outcome(lambda: vm.call(main_of, name)) == expected


@pytest.mark.parametrize("name", OWN_PROCESS)
def test_program_in_a_process_of_its_own(name: str) -> None:
    """The same, in a process that may be forked and sent signals."""
    source = RUN.format(str(PROGRAMS), name)
    plain, ours = (
        subprocess.run(
            [sys.executable, *launcher, "-c", source],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        for launcher in ([], ["-m", "frametools.vm"])
    )
    assert (ours.returncode, ours.stdout, ours.stderr) == (
        plain.returncode,
        plain.stdout,
        plain.stderr,
    )
