"""Coroutines that are never awaited, when the program has ended."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from test_runner import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KEPT = """\
async def kept(): pass
async def never(): pass
class WhenCleared:
    def __del__(self): never()
first, second, last = kept(), kept(), WhenCleared()
"""


@pytest.mark.parametrize("options", [(), ("-Werror",), ("-Walways",)])
@pytest.mark.parametrize("first", ["", "import warnings\n"])
def test_kept_until_exit(tmp_path: Path, first: str, options: tuple[str, ...]) -> None:
    """The warning is about no file of ours, and its error has no entry of ours."""
    (tmp_path / "kept.py").write_text(first + KEPT)
    plain, vm = (
        subprocess.run(
            [sys.executable, *options, *launcher, "kept.py"],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
        ).stderr.splitlines()
        for launcher in ([], ["-m", "frametools.vm"])
    )
    assert [line.split(" at 0x")[0] for line in vm] == [
        line.split(" at 0x")[0] for line in plain
    ]
    assert "coroutine 'kept' was never awaited" in "".join(vm)
