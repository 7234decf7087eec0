"""PY_UNWIND as a local event: only from 3.15 on."""

from __future__ import annotations

import sys

from _events import TOOL
from _fact import Fact


def see() -> str:
    """Ask for PY_UNWIND of one code object."""
    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "facts")
    try:
        monitoring.set_local_events(TOOL, see.__code__, monitoring.events.PY_UNWIND)
        monitoring.set_local_events(TOOL, see.__code__, 0)
    except ValueError:
        return "ValueError"
    finally:
        monitoring.free_tool_id(TOOL)
    return "allowed"


FACT = Fact(
    "set_local_events(PY_UNWIND)", {(3, 12): "ValueError", (3, 15): "allowed"}, see
)

if __name__ == "__main__":
    FACT.check()
