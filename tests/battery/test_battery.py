"""Programs that must not notice that they are watched: as plain Python, in all they do.

Each program of `programs/` runs plain and under a launcher; its stdout, its stderr (but
for the report at the end), its exit status or signal have to be the same.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from frametools._python import COUNTS_THREADS_AFTER_HOOKS
from frametools.monitor import _twin

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
NAMES = sorted(path.name for path in PROGRAMS.iterdir() if path.is_file())
LAUNCHERS = {
    "launch": ["-m", "launch_driver"],
    "profile": ["-m", "frametools.profile", "-o", "data.frames"],
    "c-calls": ["-m", "frametools.profile", "-o", "data.frames", "--c-calls"],
    "record": ["-m", "frametools.profile", "-o", "data.frames", "--record"],
    "exceptions": ["-m", "frametools.profile", "-o", "data.frames", "--exceptions"],
    "low": ["-m", "frametools.profile", "-o", "data.frames", "--low"],
    "subprocesses": ["-m", "frametools.profile", "-o", ".", "--subprocesses"],
    "vm": ["-m", "frametools.vm"],
    "retention": ["-m", "frametools.retention", "--min", "1000GiB"],
    "every": ["-m", "frametools.retention", "--min", "1000GiB", "--every", "1h"],
    "include": ["-m", "frametools.profile", "-o", "data.frames", "--include", "*"],
}
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent.parent)]),
    **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
}
PURE = {"FRAMETOOLS_PURE": "1"} if _twin.NAME == "python" else {}

# Addresses, thread identifiers, and the time that a test suite took.
VARIES = re.compile(
    r"0x[0-9a-f]+|(?<=started )\d+|(?<=daemon )\d+|[\d.]+s$", re.MULTILINE
)

# Only the C core can take our frames off the stack; without it these programs see how
# deep they are. Their exit status is compared all the same.
SEES_DEPTH = set(
    "deep_recursion.py faulthandler_program.py recursion_limit.py "
    "same_objects.py setprofile_left_on.py sigterm_handled.py stack_depth.py "
    "warns.py".split()
)

IS_OLD = sys.version_info < (3, 12)
UNWATCHED = {"launch", "vm", "retention", "every"}
"""Launchers that watch no calls."""
WATCHES_CALLS = set(LAUNCHERS) - UNWATCHED if IS_OLD else {"c-calls"}


SEEN = {
    ("own_cprofile.py", "vm"): "it is C: it profiles the host, and sees the VM at work",
    ("faulthandler_program.py", "vm"): "it is C: it shows the frames of the host",
    ("same_objects.py", "vm"): "the collector sees the VM's frame of the program",
    ("same_objects.py", "subprocesses"): "os.environ has what children are told by",
}


def is_seen(name: str, launcher: str) -> str:
    """Return why a program must see that it is watched, or nothing."""
    if name in ("own_setprofile.py", "setprofile_left_on.py"):
        # The c_return of `sys.setprofile` itself goes to the function that it sets as
        # soon as calls were watched before: on 3.11 always, later with --c-calls.
        if launcher in WATCHES_CALLS:
            return "CPython shows the program that its calls were watched"
    if (name, launcher) in SEEN:
        return SEEN[name, launcher]
    if IS_OLD and launcher == "exceptions" and name in TRACED:
        return "exceptions of 3.11 need sys.settrace, which has one place"
    if launcher == "every" and name in ("stack_depth.py", "same_objects.py"):
        return "sys._current_frames() has the thread of --every"
    if launcher == "every" and COUNTS_THREADS_AFTER_HOOKS and name == "forks.py":
        return "3.13 counts the thread of --every, which goes on after a fork"
    is_sampled = _twin.NAME == "python" and launcher == "low"
    if is_sampled and COUNTS_THREADS_AFTER_HOOKS and name == "forks.py":
        # Who samples no clock at an event cannot start the thread at a later one.
        return "the Python twin's thread is back when 3.13 counts"
    return ""


# They look at the trace function, or for the frame that it takes.
TRACED = ("own_settrace.py", "recursion_limit.py", "same_objects.py")


class Way(NamedTuple):
    """How a program is run, where that is not plainly by its name."""

    options: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    stdin: str = ""


WAYS = {
    "guarded.py": Way(arguments=("--help", "-o", "x")),
    "reads_stdin.py": Way(stdin="first\nsecond\nthe rest\n"),
    "startup_arguments.py": Way(arguments=("-m", "--", "a b", "")),
    "warnings_are_errors.py": Way(options=("-W", "error")),
    "with_options.py": Way(options=("-X", "dev", "-X", "mine=1", "-O", "-W", "ignore")),
}


class Outcome(NamedTuple):
    """What a program showed to the world."""

    status: int
    stdout: str
    stderr: str


def outcome(name: str, launcher: list[str], folder: Path) -> Outcome:
    """Run a program; what varies in its output is left out."""
    way = WAYS.get(name, Way())
    program = [str(PROGRAMS / name), *way.arguments]
    done = subprocess.run(
        [sys.executable, *way.options, *launcher, *program],
        input=way.stdin.encode(),
        capture_output=True,
        check=False,
        cwd=folder,
        env={**ENVIRONMENT, **(PURE if launcher else {})},
        timeout=60,
    )
    out, err = (
        VARIES.sub("~", text.decode("utf-8", "replace"))
        for text in (done.stdout, done.stderr)
    )
    return Outcome(done.returncode, out, err)


@functools.cache
def plain_outcome(name: str, folder: Path) -> Outcome:
    """Run a program by plain Python, once."""
    return outcome(name, [], folder)


def without_report(observed: Outcome) -> Outcome:
    """Cut off the report, or the one line that says why there is none.

    What the interpreter says while it ends comes after the report.
    """
    report = r"^frametools:(.*?^data: [^\n]*|[^\n]*)\n"
    flags = re.DOTALL | re.MULTILINE
    return observed._replace(
        stderr=re.sub(report, "", observed.stderr, count=1, flags=flags)
    )


def is_possible(name: str) -> str:
    """Return why a program cannot run here at all, or nothing."""
    if name == "own_monitoring.py" and not hasattr(sys, "monitoring"):
        return "sys.monitoring came with 3.12"
    if name == "greenlets.py" and importlib.util.find_spec("greenlet") is None:
        return "greenlet is not installed"
    return ""


@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize("name", NAMES)
def test_as_plain(
    name: str, launcher: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A program does under a launcher what it does alone."""
    reason = is_possible(name)
    if reason:
        pytest.skip(reason)
    reason = is_seen(name, launcher)
    if reason:
        pytest.xfail(reason)
    expected = plain_outcome(name, tmp_path_factory.getbasetemp())
    observed = without_report(outcome(name, LAUNCHERS[launcher], tmp_path))
    if _twin.NAME == "python" and name in SEES_DEPTH:
        assert observed.status == expected.status
    else:
        assert observed == expected
