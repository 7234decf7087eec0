"""The frames that retention finds when a program has ended are those the VM predicts.

Its ownership rules say which are alive, and through whom: a suspended generator, an
entry of a traceback, a frame that they called, or whoever has the frame object.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.agreement.both_sides import run_both

HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "programs"
NOT_COMPARED = {
    "fork": "the child looks, too",
    "greenlets": "the VM knows threads, not greenlets",
    "greenlet_generators": "the VM knows threads, not greenlets",
}
ALL = sorted(path.stem for path in PROGRAMS.glob("[a-z]*.py"))
SLICE = [
    name for name in ALL if name.startswith("kept_by") or crc32(name.encode()) % 20 == 1
]
"""In every run; others than those of test_lockstep.py."""


def compared(folder: Path, names: list[str]) -> Path:
    """Write what both sides say of programs."""
    words = [name for name in names if name not in NOT_COMPARED]
    return run_both("lifetimes.py", folder, words)


@pytest.fixture(scope="module")
def slice_found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what is found of some programs."""
    return compared(tmp_path_factory.mktemp("lifetimes"), SLICE)


@pytest.fixture(scope="module")
def all_found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what is found of all."""
    return compared(tmp_path_factory.mktemp("lifetimes"), ALL)


def check(folder: Path, name: str) -> None:
    """Compare function, line, number; the reported holder is one of those there are."""
    if name in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[name])
    predicted, observed = (read(folder / side, name) for side in ("vm", "host"))
    assert [row[:3] for row in observed] == [row[:3] for row in predicted]
    for ours, theirs in zip(predicted, observed, strict=True):
        assert theirs[3]
        assert set(theirs[3]) <= set(ours[3]), (ours, theirs)


def read(folder: Path, name: str) -> list[Any]:
    """Load the rows of one side, or say what the program raised."""
    found = json.loads((folder / f"{name}.json").read_text())
    assert type(found) is list, found
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", SLICE)
def test_slice(name: str, slice_found: Path) -> None:
    """Just these frames are found, with the same kind of holder."""
    check(slice_found, name)


@pytest.mark.conformance
@pytest.mark.parametrize("name", ALL)
def test_program(name: str, all_found: Path) -> None:
    """So it is of all programs."""
    check(all_found, name)


@pytest.mark.slow
def test_the_slice_has_all_kinds(slice_found: Path) -> None:
    """Each way to keep a frame is among what is found."""
    found = [row for name in SLICE for row in read(slice_found / "host", name)]
    kinds = {kind for row in found for kind in row[3]}
    assert kinds == {"generator", "traceback", "f_back", "frame"}
