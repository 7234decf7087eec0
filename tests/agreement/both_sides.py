"""Runs a script of this folder in the VM and on the host, for tests that compare."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frametools.monitor import _twin

HERE = Path(__file__).parent


def run_both(script: str, folder: Path, words: list[str]) -> Path:
    """Have `SCRIPT vm|host FOLDER/SIDE WORD...` write what it sees; returns FOLDER."""
    if _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    for side in ("vm", "host"):
        (folder / side).mkdir()
        subprocess.run(
            [sys.executable, str(HERE / script), side, str(folder / side), *words],
            check=True,
            timeout=1800,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    return folder
