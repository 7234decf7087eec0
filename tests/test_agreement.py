"""The heart: what the VM predicts is what the monitor observes, event by event."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frametools.monitor import _twin
from frametools.recording import Recording
from tests.agreement.both_sides import expected_differences, reason

if TYPE_CHECKING:
    pass

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "programs").glob("[a-z]*.py"))
BY_CHANCE = {
    "thread_pool": "which thread takes which work is chance",
    "fork": "the child records itself",
    "greenlets": "the VM's recording knows threads, not greenlets",
    "greenlet_generators": "the VM's recording knows threads, not greenlets",
}
"""Programs that are not compared, and why."""
ON_TWIN = {"recursion_error": "a recorder in Python takes room of the recursion limit"}
"""What the recorder in Python cannot do."""

Record = "Callable[[str], Path]"


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Give the folder with the recordings of one side; each is made once."""
    names = [name for name in NAMES if name not in BY_CHANCE]

    @cache
    def of(side: str) -> Path:
        folder = tmp_path_factory.mktemp(side)
        batch = str(HERE / "agreement" / "batch.py")
        subprocess.run(
            [sys.executable, batch, side, str(folder), *names],
            check=True,
            timeout=600,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        return folder

    return of


@pytest.mark.parametrize("recorder", ["c", "python"])
@pytest.mark.parametrize("name", NAMES)
def test_program(name: str, recorder: str, recordings: Record) -> None:
    """The same events in the same order: six kinds alone, and all of them."""
    if name in BY_CHANCE:
        pytest.skip(BY_CHANCE[name])
    if _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    if recorder == "python" and name in ON_TWIN:
        pytest.skip(ON_TWIN[name])
    differences = []
    for number in (0, 1):
        predicted, observed = (
            read(recordings(side), name, number) for side in ("vm", recorder)
        )
        assert len(observed) > 0
        difference = predicted.first_difference(observed)
        if difference is not None:
            differences.append(str(difference))
    why = reason("expected", name)
    assert bool(differences) == (why is not None), "\n".join(differences) or why


def read(folder: Path, name: str, number: int) -> Recording:
    """Load a recording, or say what the program raised."""
    error = folder / f"{name}.error"
    assert not error.exists(), error.read_text()
    return Recording.load(folder / f"{name}.{number}.frames")


def test_expected_differences_are_of_programs() -> None:
    """Each row of expected.toml names programs that there are, once."""
    rows = expected_differences("expected")
    for row in rows:
        assert row["reason"]
        assert set(row["programs"]) <= set(NAMES)


def test_there_are_enough_programs() -> None:
    """At least 150, one behaviour each."""
    assert len(NAMES) >= 150
    assert find_spec("frametools.agreement") is not None
