"""Bytes per tree node and per recorded event, in memory and in the file.

Growth of resident memory while a program of known shape runs, less the
growth of the same program under plain Python, the median of three runs. Per
event it is the slope between one and three million calls, so that what is
set aside once does not count; per node nothing is left out.
"""

from __future__ import annotations

from statistics import median

from measure import Effort, Failed, Run, run, say
from tools import DEFAULT, PLAIN

MAX_EVENTS = "10000000"


def _grown(shape: str, options: tuple[str, ...]) -> tuple[float, Run]:
    """Bytes that our profiler added to the growth, and one of its runs."""
    added = []
    for _ in range(3):
        plain = run(PLAIN, "growth.py", shape).found["grown"]
        ours = run(DEFAULT, "growth.py", shape, options=options)
        added.append(ours.found["grown"] - plain)
    return median(added), ours


def _per_node(shape: str) -> dict[str, float]:
    grown, ours = _grown(shape, ())
    nodes = ours.found["nodes"]
    return {"memory": grown / nodes, "file": ours.kept / nodes}


def _per_event() -> dict[str, float]:
    options = ("--record", "--max-events", MAX_EVENTS)
    (few, less), (many, more) = (_grown(shape, options) for shape in ("few", "many"))
    events = more.found["events"] - less.found["events"]
    return {"memory": (many - few) / events, "file": (more.kept - less.kept) / events}


def measure(effort: Effort) -> dict[str, dict[str, float]]:
    """{"deep" | "wide" | "event": {"memory": bytes, "file": bytes}}."""
    say("memory")
    try:
        return {
            "deep": _per_node("deep"),
            "wide": _per_node("wide"),
            "event": _per_event(),
        }
    except Failed as error:
        say(str(error))
        return {}
