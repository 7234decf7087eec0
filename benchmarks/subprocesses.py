"""Prints what `--subprocesses` adds to what profiling one process costs.

    python benchmarks/subprocesses.py [--quick] [--save] [--write-readme]

One minute. --save keeps the figures in benchmarks/results/subprocesses/;
--write-readme fills the table of benchmarks/README.md.

A program starts 8 processes that import, make 300,000 calls each and end. All figures
are CPU time, user and system, of a program and all that it started; the least of all
rounds, in which the ways take turns. Expected is what the program takes by plain
Python, and for each process what `profile` adds to that process alone, start and end
included. The bar is on the ratio of what `profile --subprocesses` takes to that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict

from measure import ROOT, WORKLOADS, say
from one_page import Bar, Figures, run, table_of
from tables import Table

PROCESSES = 8
ROUNDS = 100_000
WAYS = ("subprocess", "spawn", "fork")
PROFILE = ["-m", "frametools.profile", "--no-report", "-q"]
FOLLOW = [*PROFILE, "--subprocesses", "-o", "."]
BARS = tuple(
    Bar(f"CPU time of 9 processes by {how}, expected = 1", 1.1, ".3f", ratio)
    for how, ratio in [(how, lambda f, how=how: float(f[how])) for how in WAYS]
)


def cpu(words: list[str], program: str, *args: object) -> float:
    """Run a program; seconds of CPU of it and of all it started."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, *words, str(WORKLOADS / program), *map(str, args)]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": path}
        child = subprocess.Popen(command, cwd=folder, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{program} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def least(rounds: int) -> dict[tuple[str, str], float]:
    """Run each program each way in turn; the least of all rounds."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    programs: dict[str, tuple[object, ...]] = {
        "one": ("one_of_several.py", ROUNDS),
        "none": ("one_of_several.py", 0),
        **{how: ("several.py", how, PROCESSES, ROUNDS) for how in WAYS},
        "idle": ("several.py", "subprocess", PROCESSES, 0),
    }
    ways = {"plain": [], "profile": PROFILE, "follow": FOLLOW}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for name, (program, *args) in programs.items():
            for way, words in ways.items():
                found[name, way].append(cpu(words, str(program), *args))
    return {key: min(times) for key, times in found.items()}


def measure(is_quick: bool) -> Figures:
    """Everything."""
    took = least(2 if is_quick else 7)
    added = took["one", "profile"] - took["one", "plain"]
    start = took["none", "profile"] - took["none", "plain"]
    figures: Figures = {"one": added * 1e3, "start": start * 1e3}
    for how in WAYS:
        expected = took[how, "plain"] + start + PROCESSES * added
        if how == "fork":  # a fork has been followed before, and has no start
            expected = took[how, "profile"]
        figures[how] = took[how, "follow"] / expected
    idle = took["idle", "follow"] - took["idle", "profile"]
    figures["child"] = idle / PROCESSES * 1e3
    return figures


def tables(figures: Figures) -> list[Table]:
    """The bars, and what else was measured."""
    rows = [
        ["profiling one of the processes alone, ms of CPU", f"{figures['one']:.1f}"],
        ["of it start and end of one that does nothing", f"{figures['start']:.1f}"],
        ["start and end of a followed child, ms of CPU", f"{figures['child']:.1f}"],
    ]
    return [table_of(BARS, figures), Table("Without a bar", ["measure", ""], rows)]


if __name__ == "__main__":
    run("subprocesses", __doc__, measure, tables)
