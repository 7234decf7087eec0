"""Runs the command as a user does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PROFILE = ["-m", "frametools.profile"]
REPORT = ["-m", "frametools", "report"]


def environment(**changes: str) -> dict[str, str]:
    """Make an environment in which the package is found and nothing is coloured."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "PYTHONUNBUFFERED")
    }
    return {**kept, "PYTHONPATH": "/tmp/stub:" + str(ROOT), **changes}


def python(
    folder: Path, *words: str, env: dict[str, str] | None = None, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder; returns what it wrote and its status."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment(**(env or {})),
        text=True,
        check=False,
        **{"capture_output": True, **how},
    )


def profile(folder: Path, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run the profile command in a folder."""
    return python(folder, *PROFILE, *words, **how)


def report(folder: Path, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run the report command in a folder."""
    return python(folder, *REPORT, *words, **how)


def script(folder: Path, source: str, name: str = "app.py") -> Path:
    """Write a program."""
    path = folder / name
    path.write_text(source)
    return path
