"""What a tool adds to a script that does nothing: wall and CPU time.

Each tool runs as its users type it, report and all, in turn with plain
Python; a figure is the difference of medians, in milliseconds.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from measure import Effort, Failed, available, run, say
from tools import CPROFILE, DEFAULT, PLAIN, Tool

TOOLS = (PLAIN, CPROFILE, DEFAULT)


def _bare(tool: Tool) -> Tool:
    """The tool without an output file named."""
    words = tuple(word for word in tool.command if word not in ("-o", "{out}"))
    return tool._replace(command=words)


def _here(effort: Effort) -> list[Tool]:
    """The tools that work; the first run also writes .pyc files."""
    works = []
    for tool in map(_bare, available(TOOLS, effort)):
        try:
            run(tool, "empty.py")
            works.append(tool)
        except Failed as error:
            say(str(error))
    return works


def measure(effort: Effort) -> dict[str, dict[str, float]]:
    """{tool: {"wall": added ms, "cpu": added ms}}; "plain" is absolute."""
    say("start-up")
    tools = _here(effort)
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(7 if effort.is_quick else 30):
        for tool in tools:
            cost = run(tool, "empty.py")
            seen[tool.name]["wall"].append(cost.wall * 1e3)
            seen[tool.name]["cpu"].append(cost.cpu * 1e3)
    middle = {
        tool: {clock: median(values) for clock, values in clocks.items()}
        for tool, clocks in seen.items()
    }
    plain = middle[PLAIN.name]
    added = {
        tool: {clock: ms - plain[clock] for clock, ms in clocks.items()}
        for tool, clocks in middle.items()
    }
    return {**added, PLAIN.name: plain}
