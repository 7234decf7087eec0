"""Runs a script of this folder in the VM and on the host, for tests that compare."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from frametools.monitor import _twin

HERE = Path(__file__).parent
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def run_both(script: str, folder: Path, words: list[str]) -> Path:
    """Have `SCRIPT vm|host FOLDER/SIDE WORD...` write what it sees; returns FOLDER.

    The test is skipped where the host's frames cannot be read: the script says why.
    """
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
    why_not = folder / "host" / "why_not"
    if why_not.exists():
        pytest.skip(why_not.read_text())
    return folder


def first_difference(folder: Path, name: str, least: int) -> str | None:
    """Return the first rows that are not the same; None if all are.

    The host wrote at least so many, or there was nothing to compare.
    """
    vm, host = (
        (folder / side / f"{name}.rows").read_text().split("\n")
        for side in ("vm", "host")
    )
    assert len(host) >= least
    for at, (ours, theirs) in enumerate(zip(vm, host, strict=False)):
        if ours != theirs:
            return f"row {at}\n  vm: {ours}\nhost: {theirs}"
    return None if len(vm) == len(host) else f"{len(vm)} and {len(host)} rows"


def expected_differences(section: str) -> list[dict[str, list[str]]]:
    """Read the differences of a kind that are expected."""
    text = (HERE / "expected.toml").read_text()
    rows: list[dict[str, list[str]]] = tomllib.loads(text)[section]
    return rows


def reason(section: str, name: str, mode: str = "") -> str | None:
    """Say why a program is expected to differ, in a mode; None if it is not."""
    for row in expected_differences(section):
        if name in row["programs"] and VERSION in row.get("versions", [VERSION]):
            is_meant = mode in row.get("modes", [mode])
            return str(row["reason"]) if is_meant else None
    return None
