"""What whole programs cost: CPU time of the work, relative to plain Python.

In each round every tool runs each program once, next to plain Python; a
figure is the median over the rounds of tool / plain.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from measure import Effort, Failed, available, run, say
from tools import C_CALLS, CPROFILE, DEFAULT, LOW, PEERS, PLAIN, Tool
from workloads.macro import PROGRAMS

TOOLS = (CPROFILE, DEFAULT, C_CALLS, LOW, *PEERS)
LEAST = 0.001
PEER_ROUNDS = 3
"""The peers have no bar: fewer rounds are enough."""

Ratios = dict[str, dict[str, float]]


def _round(program: str, tools: Sequence[Tool], failed: set[str]) -> dict[str, float]:
    """CPU time of `program` under each tool, plain Python first; in seconds."""
    times = {PLAIN.name: run(PLAIN, "macro.py", program).found["cpu"]}
    for tool in tools:
        try:
            if tool.name not in failed:
                times[tool.name] = run(tool, "macro.py", program).found["cpu"]
        except Failed as error:
            say(str(error))
            failed.add(tool.name)
    return times


def _program(
    program: str, tools: Sequence[Tool], count: int, failed: set[str]
) -> dict[str, float]:
    """The median ratio of each tool; the seconds of plain Python."""
    seen: dict[str, list[float]] = defaultdict(list)
    for number in range(count):
        turn = tools if number < PEER_ROUNDS else [t for t in tools if t not in PEERS]
        times = _round(program, turn, failed)
        plain = times.pop(PLAIN.name)
        seen[PLAIN.name].append(plain)
        for tool, cpu in times.items():
            seen[tool].append(cpu / plain)
    return {tool: median(values) for tool, values in seen.items()}


def measure(effort: Effort) -> Ratios:
    """{program: {tool: ratio of CPU time}}; "plain" is in seconds."""
    tools = list(available(TOOLS, effort))
    ratios: Ratios = {}
    failed: set[str] = set()
    for program in PROGRAMS:
        say(f"programs: {program}")
        try:
            ratios[program] = _program(
                program, tools, 1 if effort.is_quick else 5, failed
            )
        except Failed as error:
            say(f"left out: {error}")
    return ratios


def mean_added(ratios: Ratios, tool: str) -> float | None:
    """Geometric mean of (ratio - 1), over every program that was run.

    A ratio at or below 1 is noise: it counts as 1.001. None if `tool` did not
    run each program.
    """
    added = [max(row[tool] - 1, LEAST) for row in ratios.values() if tool in row]
    if not added or len(added) < len(ratios):
        return None
    return math.exp(sum(map(math.log, added)) / len(added))
