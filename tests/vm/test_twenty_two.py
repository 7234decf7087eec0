"""Programs of 22 kinds give in the VM what they give under plain Python.

They are the kinds that other Python VMs were measured with; the best passed 16.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAMS = Path(__file__).parent / "twenty_two"
NAMES = sorted(path.name for path in PROGRAMS.glob("*.py"))
ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(ROOT),
    "COLUMNS": "80",
    **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
}


class Shown(NamedTuple):
    """What a program showed to the world."""

    status: int
    stdout: str
    stderr: str


def _run(*words: str) -> Shown:
    done = subprocess.run(
        [sys.executable, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=PROGRAMS,
        env=ENVIRONMENT,
        timeout=60,
    )
    out, err = (
        re.sub(r"0x[0-9a-f]+", "0x", text.decode())
        for text in (done.stdout, done.stderr)
    )
    return Shown(done.returncode, out, err)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_program(name: str) -> None:
    """Output, errors and exit status are those of plain Python."""
    plain = _run(name)
    assert plain.stdout
    assert _run("-m", "frametools.vm", name) == plain


def test_all_kinds_are_there() -> None:
    """None of the 22 was lost."""
    assert len(NAMES) == 22
