"""Code without local events makes no event: what a filter leaves out is free."""

from __future__ import annotations

import sys

from _events import TOOL
from _fact import Fact


def _wanted() -> None:
    pass


def _unwanted() -> None:
    pass


def see() -> str:
    """Ask for PY_START of one function and call two."""
    names: list[str] = []
    monitoring = sys.monitoring
    start = monitoring.events.PY_START
    monitoring.use_tool_id(TOOL, "facts")
    monitoring.register_callback(
        TOOL, start, lambda code, _: names.append(code.co_name)
    )
    monitoring.set_local_events(TOOL, _wanted.__code__, start)
    try:
        _wanted()
        _unwanted()
    finally:
        monitoring.set_local_events(TOOL, _wanted.__code__, 0)
        monitoring.free_tool_id(TOOL)
    return " ".join(names)


FACT = Fact("local events of one of two functions", {(3, 12): "_wanted"}, see)

if __name__ == "__main__":
    FACT.check()
