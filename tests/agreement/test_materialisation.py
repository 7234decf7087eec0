"""Which frames have a frame object, and from when on, is what the VM says it is.

CPython makes one only when something asks: `sys._getframe()`, an entry of a traceback,
`gi_frame`, `f_back`, a trace function, or a frame that it called and that is kept.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import FrameType
from zlib import crc32

import pytest

from tests.agreement.both_sides import (
    expected_differences,
    first_difference,
    reason,
    run_both,
)

HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "programs"
ALL = sorted(path.stem for path in PROGRAMS.glob("[a-z]*.py"))
NOT_COMPARED = {
    "fork": "the child looks, too",
    "greenlets": "a frame of another greenlet is on no stack of the VM",
    "greenlet_generators": "a frame of another greenlet is on no stack of the VM",
}
SLICE = [
    name
    for name in ALL
    if name.startswith(("frame_", "kept_by", "async_"))
    or crc32(name.encode()) % 20 == 2
]
"""In every run: those about frames, those that found faults, and others than in
test_lockstep.py and test_lifetimes.py."""


def compared(folder: Path, names: list[str]) -> Path:
    """Write the rows of both sides of programs."""
    words = [name for name in names if name not in NOT_COMPARED]
    return run_both("materialisation.py", folder, words)


@pytest.fixture(scope="module")
def slice_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rows of some programs."""
    return compared(tmp_path_factory.mktemp("materialisation"), SLICE)


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rows of all."""
    return compared(tmp_path_factory.mktemp("materialisation"), ALL)


def check(folder: Path, name: str) -> None:
    """Compare, and hold what is found against the table of what differs."""
    if name in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[name])
    found = first_difference(folder, name, least=2)
    why = reason("materialisation", name)
    assert (found is not None) == (why is not None), found or why


@pytest.mark.slow
@pytest.mark.parametrize("name", SLICE)
def test_slice(name: str, slice_rows: Path) -> None:
    """The same frames have an object before each statement, and are kept at the end."""
    check(slice_rows, name)


@pytest.mark.conformance
@pytest.mark.parametrize("name", ALL)
def test_program(name: str, all_rows: Path) -> None:
    """So it is of all programs."""
    check(all_rows, name)


@pytest.mark.slow
def test_the_slice_has_all(slice_rows: Path) -> None:
    """There are frames with an object, frames without, and frames that are kept."""
    files = (slice_rows / "host").glob("*.rows")
    rows = [row for path in files for row in path.read_text().split("\n")]
    assert sum("+" in row for row in rows) > 100
    assert sum("-" in row for row in rows) > 100
    assert sum(row.startswith("over: ") for row in rows) > 20


def test_the_collector_tracks_frames_that_are_over() -> None:
    """A frame object is tracked once it owns its frame, and not while that runs."""

    def running() -> tuple[FrameType, bool]:
        frame = sys._getframe()
        return frame, gc.is_tracked(frame)

    frame, was_tracked = running()
    assert not was_tracked
    assert gc.is_tracked(frame)
    frame.clear()


def test_expected_differences_are_of_programs() -> None:
    """Each row of the table names programs that there are."""
    for row in expected_differences("materialisation"):
        assert row["reason"]
        assert set(row["programs"]) <= set(ALL) - set(NOT_COMPARED)
