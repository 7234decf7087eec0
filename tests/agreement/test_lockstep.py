"""Lockstep: before each instruction the VM's frame is the host's, slot by slot.

FRAMETOOLS_LOCKSTEP=all asks for all programs and more random ones.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from frametools._python import RAISES_EARLIER_IN_CALLERS
from frametools.monitor import _twin

HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "programs"
ALL = sorted(path.stem for path in PROGRAMS.glob("[a-z]*.py"))
NOT_COMPARED = {
    "fork": "the child writes rows, too",
    "greenlets": "a frame of another greenlet is on no stack of the VM",
    "greenlet_generators": "a frame of another greenlet is on no stack of the VM",
    **{
        name: "which thread runs when is chance"
        for name in ALL
        if name.startswith("thread")
    },
}
IS_LONG = os.environ.get("FRAMETOOLS_LOCKSTEP") == "all"
STEPS = {
    "contextlib_helpers",
    "frame_of_closer",
    "iterating_sequences",
    "method_loading",
    "traceback_of_thrown",
}
"""Programs in which lockstep has found faults."""
NAMES = [
    name for name in ALL if IS_LONG or crc32(name.encode()) % 10 == 0 or name in STEPS
]
"""In every run a tenth, which stays the same when programs are added."""
RANDOM = 200 if IS_LONG else 20
MODES = ("free", "kept")
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def table() -> list[dict[str, list[str]]]:
    """Read the differences that are expected."""
    text = (HERE / "expected.toml").read_text()
    rows: list[dict[str, list[str]]] = tomllib.loads(text)["lockstep"]
    return rows


def expected(name: str, mode: str) -> str | None:
    """Say why a program is expected to differ; None if it is not."""
    for row in table():
        in_mode = mode in row.get("modes", MODES)
        if name in row["programs"] and VERSION in row.get("versions", [VERSION]):
            return str(row["reason"]) if in_mode else None
    return None


def run(folder: Path, paths: list[Path]) -> None:
    """Write the rows of both sides."""
    for side in ("vm", "host"):
        (folder / side).mkdir()
        words = [str(HERE / "lockstep.py"), side, str(folder / side), *map(str, paths)]
        subprocess.run(
            [sys.executable, *words],
            check=True,
            timeout=1800,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    why_not = folder / "host" / "why_not"
    if why_not.exists():
        pytest.skip(why_not.read_text())


def difference(folder: Path, name: str, mode: str) -> str | None:
    """Return the first rows that are not the same; None if all are."""
    vm, host = (
        (folder / side / f"{name}.{mode}.rows").read_text().split("\n")
        for side in ("vm", "host")
    )
    assert len(host) > 2
    for at, (ours, theirs) in enumerate(zip(vm, host, strict=False)):
        if ours != theirs:
            return f"row {at}\n  vm: {ours}\nhost: {theirs}"
    return None if len(vm) == len(host) else f"{len(vm)} and {len(host)} rows"


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the rows of the programs."""
    if _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    folder = tmp_path_factory.mktemp("lockstep")
    run(folder, [PROGRAMS / f"{name}.py" for name in NAMES if name not in NOT_COMPARED])
    return folder


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_program(name: str, mode: str, rows: Path) -> None:
    """The same instructions, owners, depths, and values one to one."""
    if name in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[name])
    found, reason = difference(rows, name, mode), expected(name, mode)
    assert (found is not None) == (reason is not None), found or reason


@pytest.mark.skipif(
    not RAISES_EARLIER_IN_CALLERS, reason="f_lasti in callers: see expected.toml"
)
def test_random_programs(tmp_path: Path) -> None:
    """So it is of programs that hypothesis makes."""
    if _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    folder = tmp_path / "made"
    folder.mkdir()
    sources = random_sources()
    paths = [folder / f"made{at}.py" for at in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        path.write_text(source)
    run(tmp_path, paths)
    for path, source in zip(paths, sources, strict=True):
        for mode in MODES:
            found = difference(tmp_path, path.stem, mode)
            assert found is None, f"{found}\n{source}"


@cache
def random_sources() -> list[str]:
    """Draw programs: always the same."""
    spec = importlib.util.spec_from_file_location(
        "random_programs", HERE / "random_programs.py"
    )
    assert spec is not None
    assert spec.loader is not None
    random_programs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(random_programs)
    found: list[str] = []

    @settings(
        max_examples=RANDOM,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(source=random_programs.programs())
    def draw(source: str) -> None:
        found.append(source)

    draw()
    return found


def test_expected_differences_are_of_programs() -> None:
    """Each row of the table names programs that there are."""
    for row in table():
        assert row["reason"]
        assert set(row["programs"]) <= set(ALL)
