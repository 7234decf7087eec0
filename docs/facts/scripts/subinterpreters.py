"""Code in a subinterpreter makes no events for tools of the main one."""

from __future__ import annotations

import importlib
import sys

from _events import TOOL
from _fact import Fact


def _run(code: str) -> None:
    """Run code in a subinterpreter, by the module of 3.12 or the later one."""
    try:
        module = importlib.import_module("_interpreters")
        interpreter, run = module.create(), module.exec
    except ImportError:
        module = importlib.import_module("_xxsubinterpreters")
        interpreter, run = module.create(), module.run_string
    run(interpreter, code)
    module.destroy(interpreter)


def see() -> str:
    """Run a function elsewhere and look for its name."""
    names = []
    monitoring = sys.monitoring
    start = monitoring.events.PY_START
    monitoring.use_tool_id(TOOL, "facts")
    monitoring.register_callback(
        TOOL, start, lambda code, _: names.append(code.co_name)
    )
    monitoring.set_events(TOOL, start)
    try:
        _run("def elsewhere(): pass\nelsewhere()")
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)
    return "seen" if "elsewhere" in names else "not seen"


FACT = Fact("code in a subinterpreter", {(3, 12): "not seen"}, see)

if __name__ == "__main__":
    FACT.check()
