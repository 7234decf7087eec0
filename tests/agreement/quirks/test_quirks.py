"""Each Python does its own way exactly what docs/host-quirks.md says of it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from signal import SIGSEGV
from typing import Any

import pytest

from frametools import _python
from frametools.monitor import _twin
from tests.loading import load

HERE = Path(__file__).parent
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
USERS = ("vm", "monitor", "recording")
"""The parts of frametools whose flags have rows."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the runner forks")


quirks = load(HERE / "quirks.py", "quirks_data")
ALL = quirks.quirks()
ASKED = [quirk for quirk in ALL if quirk.program and VERSION in quirk.asked_on]


def run(folder: Path, cases: list[tuple[str, str, str]], *when: str) -> list[str]:
    """Return what the programs of the cases said, each in a process of its own."""
    given, written = folder / "cases.json", folder / "results.json"
    given.write_text(json.dumps(cases))
    command = [sys.executable, str(HERE / "runner.py"), str(given), str(written), *when]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    said: list[str] = json.loads(written.read_text())
    return said


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give what each flag's program said: on the host, in the VM, and flipped."""
    folder = tmp_path_factory.mktemp("quirks")
    cases = [
        *(("host", quirk.program, "") for quirk in ASKED),
        *(("vm", quirk.program, "") for quirk in ASKED),
        *(("vm", quirk.program, quirk.flag) for quirk in ASKED),
    ]
    said = run(folder, cases)
    of_each = len(ASKED)
    on_host, in_vm = said[:of_each], said[of_each : 2 * of_each]
    flipped = said[2 * of_each :]
    # Where that is all the same, what the flag is for is made when the VM is imported.
    same = [at for at in range(of_each) if flipped[at] == in_vm[at]]
    early = [("vm", ASKED[at].program, ASKED[at].flag) for at in same]
    for at, text in zip(same, run(folder, early, "early"), strict=True):
        flipped[at] = text
    flags = [quirk.flag for quirk in ASKED]
    return dict(zip(flags, zip(on_host, in_vm, flipped, strict=True), strict=True))


@pytest.mark.parametrize("quirk", ASKED, ids=lambda quirk: quirk.flag)
def test_program(quirk: Any, results: Any) -> None:
    """It holds where its row says so, else fails; in the VM as on the host."""
    if _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    on_host, in_vm, _ = results[quirk.flag]
    if VERSION in quirk.versions:
        assert in_vm == ""
    else:
        assert in_vm.startswith("AssertionError")
    if VERSION in quirk.crashes_on:
        assert on_host == f"signal {SIGSEGV}"
    else:
        assert on_host == in_vm


@pytest.mark.parametrize("quirk", ASKED, ids=lambda quirk: quirk.flag)
def test_flag(quirk: Any, results: Any) -> None:
    """The flag makes the VM do so: told otherwise, it does something else."""
    _, in_vm, flipped = results[quirk.flag]
    assert flipped != in_vm


@pytest.mark.parametrize("quirk", ALL, ids=lambda quirk: quirk.flag)
def test_row(quirk: Any) -> None:
    """The flag has the value of its row, which says what shows it."""
    assert getattr(_python, quirk.flag) is (VERSION in quirk.versions)
    assert bool(quirk.program) != bool(quirk.test)
    assert set(quirk.versions) < set(quirks.VERSIONS)
    assert (HERE.parent.parent.parent / quirk.test).exists()


def imported(path: Path) -> set[str]:
    """Return the facts that a module imports from frametools/_python.py."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        name.name
        for node in found
        if node.module == "frametools._python"
        for name in node.names
    }


def test_every_flag_has_a_row() -> None:
    """What the VM and the recorders ask of the host is in the table, once."""
    package = Path(_python.__file__).parent
    used: set[str] = set()
    for part in USERS:
        for path in (package / part).rglob("*.py"):
            used.update(imported(path))
    flags = [*(quirk.flag for quirk in ALL), *quirks.not_quirks()]
    assert sorted(flags) == sorted(used)


def test_every_program_has_a_row() -> None:
    """No program is left over, and each says in its first line what it shows."""
    paths = list((HERE / "programs").glob("*.py"))
    assert sorted(p.stem for p in paths) == sorted(q.program for q in ALL if q.program)
    assert all(p.read_text(encoding="utf-8").startswith('"""') for p in paths)


def test_page() -> None:
    """docs/host-quirks.md is what quirks.py writes."""
    assert quirks.PAGE.read_text(encoding="utf-8") == quirks.page()
