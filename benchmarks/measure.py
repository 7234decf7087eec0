"""Runs a program under a tool and reports what it cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools import Tool

HERE = Path(__file__).resolve().parent
WORKLOADS = HERE / "workloads"
ROOT = HERE.parent
TIMEOUT = 300.0


class Run(NamedTuple):
    """What one child process cost; times in seconds."""

    found: dict[str, float]
    """What the program itself wrote."""
    wall: float
    cpu: float
    """User and system time of the process, start-up and report included."""
    kept: int
    """Bytes of the tool's data file."""


class Failed(Exception):
    """The tool did not run the program; one line says how."""


def _environment(tool: Tool, out: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    own = {"BENCH_OUT": str(out), "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    return {**os.environ, **own, **dict(tool.env)}


def _wait(child: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Reap the child; return its exit status and CPU seconds."""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime


def run(tool: Tool, program: str, *args: str, options: tuple[str, ...] = ()) -> Run:
    """Run `workloads/<program>` once; `options` are more words for the tool.

    Raises `Failed` where the exit status is not 0 or no figures were written.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        data, out = Path(folder, "data"), Path(folder, "found")
        words = [word.replace("{out}", str(data)) for word in tool.command]
        words += [*options, str(WORKLOADS / program), *args]
        start = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, *words],
            env=_environment(tool, out),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(errors := tempfile.TemporaryFile()),
        )
        status, cpu = _wait(child)
        wall = time.perf_counter() - start
        if status:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise Failed(f"{tool.name}: {program} ended with {status}: {last}")
        found = json.loads(out.read_text()) if out.exists() else {}
        kept = data.stat().st_size if data.is_file() else 0
        return Run(found, wall, cpu, kept)


def available(tools: Iterable[Tool]) -> Iterator[Tool]:
    """Those that can run here; the others are named on stderr."""
    for tool in tools:
        if reason := tool.missing():
            say(f"{tool.name} {reason}")
        else:
            yield tool


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)
