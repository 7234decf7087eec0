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
from typing import IO, Any, NamedTuple

from tools import PEERS, Tool

HERE = Path(__file__).resolve().parent
WORKLOADS = HERE / "workloads"
ROOT = HERE.parent


class Run(NamedTuple):
    """What one child process cost; times in seconds."""

    found: dict[str, float]
    """What the program itself wrote."""
    wall: float
    cpu: float
    """User and system time of the process, start-up and report included."""
    kept: int
    """Bytes of the tool's data file."""


class Effort(NamedTuple):
    """How much is measured."""

    is_quick: bool = False
    """Fewer rounds, for a first look."""
    has_peers: bool = True
    """The tools that no bar is about are run too."""


class Failed(Exception):
    """The tool did not run the program; one line says how."""


def _environment(tool: Tool, out: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    own = {"BENCH_OUT": str(out), "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    env = {**os.environ, **own, **dict(tool.env)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has .pyc files
    return env


def _wait(child: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Reap the child; return its exit status and CPU seconds."""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime


def _start(words: list[str], folder: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start Python with nothing to read, and nothing that reads its output."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        **more,
    )


def _complaint(status: int, file: IO[bytes]) -> str:
    """The line that says what went wrong; empty where all went well.

    Our own profiler ends as the program did even where its report fails.
    """
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    if status:
        return f"ended with {status}: {''.join(lines[-1:])}"
    wrong = (x for x in lines if x.startswith("frametools: ") and " failed: " in x)
    return next(wrong, "")


def run(tool: Tool, program: str, *args: str, options: tuple[str, ...] = ()) -> Run:
    """Run `workloads/<program>` once; `options` are more words for the tool.

    Raises `Failed` where the exit status is not 0, or our report fails.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        data, out = Path(folder, "data"), Path(folder, "found")
        words = [word.replace("{out}", str(data)) for word in tool.command]
        words += [*options, str(WORKLOADS / program), *args]
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            child = _start(words, folder, env=_environment(tool, out), stderr=errors)
            status, cpu = _wait(child)
            wall = time.perf_counter() - start
            if wrong := _complaint(status, errors):
                raise Failed(f"{tool.name}: {program} {wrong}")
        found = json.loads(out.read_text()) if out.exists() else {}
        kept = data.stat().st_size if data.is_file() else 0
        return Run(found, wall, cpu, kept)


def available(tools: Iterable[Tool], effort: Effort) -> Iterator[Tool]:
    """Those that are wanted and can run here; what is missing is said on stderr."""
    for tool in tools:
        if tool in PEERS and not effort.has_peers:
            continue
        if reason := tool.missing():
            say(f"{tool.name} {reason}")
        else:
            yield tool


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)
