"""Lockstep: before each instruction the VM's frame is the host's, slot by slot."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from frametools._python import RAISES_EARLIER_IN_CALLERS
from tests.agreement.both_sides import (
    expected_differences,
    first_difference,
    reason,
    run_both,
)
from tests.loading import load

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
FOUND_FAULTS = {
    "contextlib_helpers",
    "frame_of_closer",
    "iterating_sequences",
    "kept_by_frames",
    "method_loading",
    "traceback_of_thrown",
}
SLICE = [name for name in ALL if name in FOUND_FAULTS or crc32(name.encode()) % 10 == 0]
"""In every run; the same tenth when programs are added."""
MODES = ("free", "kept")


def compared(folder: Path, paths: list[Path]) -> Path:
    """Give a folder with the rows of programs."""
    return run_both("lockstep.py", folder, [str(path) for path in paths])


def difference(folder: Path, name: str, mode: str) -> str | None:
    """Return the first rows that are not the same; None if all are."""
    return first_difference(folder, f"{name}.{mode}", least=3)


def paths_of(names: list[str]) -> list[Path]:
    """Give the files of the programs that are compared."""
    return [PROGRAMS / f"{name}.py" for name in names if name not in NOT_COMPARED]


@pytest.fixture(scope="module")
def slice_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rows of some programs."""
    return compared(tmp_path_factory.mktemp("lockstep"), paths_of(SLICE))


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rows of all."""
    return compared(tmp_path_factory.mktemp("lockstep"), paths_of(ALL))


def check(folder: Path, name: str, mode: str) -> None:
    """Compare, and hold what is found against the table of what differs."""
    if name in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[name])
    found, why = difference(folder, name, mode), reason("lockstep", name, mode)
    assert (found is not None) == (why is not None), found or why


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SLICE)
def test_slice(name: str, mode: str, slice_rows: Path) -> None:
    """The same instructions, owners, depths, and values one to one."""
    check(slice_rows, name, mode)


@pytest.mark.conformance
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ALL)
def test_program(name: str, mode: str, all_rows: Path) -> None:
    """So it is of all programs."""
    check(all_rows, name, mode)


@pytest.mark.skipif(
    not RAISES_EARLIER_IN_CALLERS, reason="f_lasti in callers: see expected.toml"
)
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(20, marks=pytest.mark.slow),
        pytest.param(200, marks=pytest.mark.conformance),
    ],
)
def test_random_programs(count: int, tmp_path: Path) -> None:
    """So it is of programs that hypothesis makes."""
    folder = tmp_path / "made"
    folder.mkdir()
    sources = {f"made{at}": text for at, text in enumerate(random_sources(count))}
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    compared(tmp_path, [folder / f"{name}.py" for name in sources])
    for name, source in sources.items():
        for mode in MODES:
            found = difference(tmp_path, name, mode)
            assert found is None, f"{found}\n{source}"


def random_sources(count: int) -> list[str]:
    """Draw programs: always the same."""
    random_programs = load(HERE / "random_programs.py", "random_programs")
    found: list[str] = []

    @settings(
        max_examples=count,
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
    for row in expected_differences("lockstep"):
        assert row["reason"]
        assert set(row["programs"]) <= set(ALL)
