"""What became of each test of one file, in a process that may die."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from files import module_name

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
HOST: tuple[str, ...] = ()
VM = ("-m", "frametools.vm")

GOOD = ("passed", "expected failure")
MOST_DEATHS = 12
MEMORY = 6 << 30


class Outcome(NamedTuple):
    """How a test ended."""

    word: str
    """passed, expected failure, skipped, failed, crashed, hung or lost."""
    text: str = ""
    """The traceback, or what the process said when it died."""

    @property
    def is_good(self) -> bool:
        """Whether the test did what it should."""
        return self.word in GOOD

    @property
    def last_line(self) -> str:
        """What an error says, in a line."""
        lines = self.text.strip().splitlines() or [""]
        if self.word == "crashed" and len(lines) > 1:
            return f"{lines[-1]}: {lines[-2]}"[:160]
        return lines[-1].strip()[:160]


Outcomes = dict[str, Outcome]


class Limits(NamedTuple):
    """How long things may take, in seconds."""

    test: float = 60
    file: float = 900


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Died(NamedTuple):
    status: int
    is_late: bool
    said: str


def _child(
    way: tuple[str, ...], file: str, folder: Path, limits: Limits, skip: list[str]
) -> _Died:
    """Run the driver once; its report is in `folder`."""
    (folder / "skip").write_text("\n".join(skip), encoding="utf-8")
    work = folder / "work"
    work.mkdir(exist_ok=True)
    words = [sys.executable, *way, str(HERE / "driver.py"), module_name(file)]
    words += [str(folder / "report"), str(limits.test), str(folder / "skip")]
    with (folder / "said").open("wb") as said:
        child = subprocess.Popen(
            words,
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
            start_new_session=True,
            preexec_fn=_limit_memory,  # noqa: PLW1509 - this process has one thread
        )
        try:
            status, is_late = child.wait(limits.file), False
        except subprocess.TimeoutExpired:
            status, is_late = -signal.SIGKILL, True
        finally:
            _end(child)
    text = (folder / "said").read_text(encoding="utf-8", errors="replace")
    return _Died(status, is_late, text[-6000:])


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it left in its session."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def _lines(report: Path) -> Iterator[list[str]]:
    if report.exists():
        for line in report.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _read(report: Path) -> tuple[Outcomes, str | None, bool]:
    """Return what ended, what was running at the end, and whether that is all."""
    ended: Outcomes = {}
    running = None
    for kind, *fields in _lines(report):
        if kind == "complete":
            return ended, None, True
        if kind == "start":
            running = fields[0]
        else:
            ended[fields[0]] = Outcome(fields[1], fields[2])
            running = None
    return ended, running, False


def _death(died: _Died) -> Outcome:
    if died.is_late or "Timeout (" in died.said:
        return Outcome("hung", died.said)
    how = f"status {died.status}"
    if died.status < 0:
        how = signal.Signals(-died.status).name
    return Outcome("crashed", f"{died.said.rstrip()}\nthe process ended: {how}")


def run(file: str, way: tuple[str, ...], limits: Limits) -> Outcomes:
    """Run a file of tests, as often as it takes to know of each test.

    After a crash or a hang the rest is run in a new process. What is wrong outside of
    any test stands under the name "(file)".
    """
    found: Outcomes = {}
    for _ in range(MOST_DEATHS):
        with tempfile.TemporaryDirectory(
            prefix="conformance", ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            died = _child(way, file, folder, limits, list(found))
            ended, running, is_complete = _read(folder / "report")
        found.update(ended)
        if is_complete:
            return found
        found[running or "(file)"] = _death(died)
        if running is None:
            return found
    found["(file)"] = Outcome("crashed", f"the process died {MOST_DEATHS} times")
    return found
