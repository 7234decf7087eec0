"""Added CPU time per event: each tool runs the same loops, in turn.

A figure is the least of all rounds, less the least of plain Python. Takes
about 2 s per tool and round.
"""

from __future__ import annotations

from collections.abc import Sequence

from measure import Effort, Failed, available, run, say
from tools import C_CALLS, CPROFILE, DEFAULT, LOW, PEERS, PLAIN, SAMPLING, TWIN, Tool

LOOPS = {
    "calls": "call",
    "other_calls": "call of 20 functions in turn",
    "items": "generator item",
    "c_calls": "C call",
    "unwinds": "raise and unwind",
}
TOOLS = (PLAIN, CPROFILE, DEFAULT, C_CALLS, LOW, TWIN, *PEERS)

Least = dict[str, dict[str, float]]


def _lower(least: Least, tool: Tool) -> None:
    """Run the loops once under `tool` and keep what is the least so far."""
    found = run(tool, "micro.py").found
    kept = least.setdefault(tool.name, found)
    least[tool.name] = {loop: min(ns, kept[loop]) for loop, ns in found.items()}


def rounds(tools: Sequence[Tool], count: int) -> Least:
    """Nanoseconds per operation, tool by tool; a tool that fails is dropped."""
    least: Least = {}
    failed = set()
    for number in range(count):
        say(f"per call: round {number + 1} of {count}")
        for tool in tools:
            try:
                if tool not in failed:
                    _lower(least, tool)
            except Failed as error:
                say(str(error))
                failed.add(tool)
    return least


def measure(effort: Effort) -> Least:
    """Added ns per operation: {tool: {loop: ns}}; "plain" is absolute."""
    tools = [tool for tool in available(TOOLS, effort) if tool is not SAMPLING]
    least = rounds(tools, 2 if effort.is_quick else 6)
    plain = least[PLAIN.name]
    added = {
        tool: {loop: ns - plain[loop] for loop, ns in figures.items()}
        for tool, figures in least.items()
    }
    return {**added, PLAIN.name: plain}
