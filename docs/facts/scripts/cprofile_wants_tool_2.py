"""cProfile takes tool id 2 and refuses to start when another tool has it."""

from __future__ import annotations

import cProfile
import sys

from _fact import Fact


def see() -> str:
    """Take id 2, then enable cProfile."""
    monitoring = sys.monitoring
    monitoring.use_tool_id(monitoring.PROFILER_ID, "facts")
    profile = cProfile.Profile()
    try:
        profile.enable()
    except ValueError as error:
        return f"ValueError: {error}"
    finally:
        monitoring.free_tool_id(monitoring.PROFILER_ID)
    profile.disable()
    return "works"


FACT = Fact(
    "cProfile beside a tool with id 2",
    {
        (3, 12): "ValueError: Another profiling tool is already active",
        (3, 14): "ValueError: tool 2 is already in use",
    },
    see,
)

if __name__ == "__main__":
    FACT.check()
