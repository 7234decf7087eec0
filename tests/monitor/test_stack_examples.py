"""The examples of the stack's functions print what the seeds' text promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROMISED = {
    "stack_walk": """\
  [0] deep_call in stack_walk.py:8
  [1] middle in stack_walk.py:16
  [2] top in stack_walk.py:21
  [3] <module> in stack_walk.py:24
""",
    "depth": "module: 0\na: 1\na: 3\n",
    "validate_positive": "ValueError: expected a positive value, got -5. "
    "Called from process_items() at validate_positive.py:15\n",
}


@pytest.mark.parametrize("name", PROMISED)
def test_examples_print_what_they_promise(name: str) -> None:
    """The programs that these functions are for."""
    done = subprocess.run(
        [sys.executable, f"{name}.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT / "examples",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.stdout, done.stderr) == (PROMISED[name], "")
