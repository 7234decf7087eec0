"""A disk that fills while the program runs."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frametools.calltree import CallTree
from frametools.monitor import _twin

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = """\
import json, sys
print("out")
sys.exit({status})
"""


def _run(folder: Path, room: int, status: int) -> subprocess.CompletedProcess[str]:
    """Run the program where no file may grow beyond `room` bytes."""
    (folder / "app.py").write_text(_PROGRAM.format(status=status))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return subprocess.run(
        [sys.executable, "-m", "frametools.profile", "-o", "out.frames", "app.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )


def test_a_disk_that_fills_is_one_line(tmp_path: Path) -> None:
    """The program runs on, its report is whole, and one line says what is missing."""
    done = _run(tmp_path, 8192, 0)
    lines = [x for x in done.stderr.splitlines() if "cannot finish" in x]
    assert (done.stdout, len(lines)) == ("out\n", 1)
    assert "functions by self CPU" in done.stderr


@pytest.mark.skipif(_twin.NAME != "c", reason="Python cannot change the status so late")
def test_a_disk_that_fills_is_status_2(tmp_path: Path) -> None:
    """The exit status is 2 where the program's own was 0, and else the program's."""
    assert [_run(tmp_path, 8192, n).returncode for n in (0, 3)] == [2, 3]


@pytest.mark.skipif(_twin.NAME != "c", reason="the C core writes as it runs")
def test_what_fits_at_the_end_is_written(tmp_path: Path) -> None:
    """The live file was too big for the disk; the finished one is not."""
    done = _run(tmp_path, 400_000, 0)
    assert done.returncode == 0
    assert CallTree.load(tmp_path / "out.frames").is_finished
