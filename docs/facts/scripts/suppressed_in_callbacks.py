"""While a callback runs, its thread makes no events, for any tool."""

from __future__ import annotations

import sys

from _events import off, switch
from _fact import Fact

OTHER = 4


def _inner() -> None:
    pass


def _outer() -> None:
    pass


def see() -> str:
    """Call a Python function from one tool's callback; a second tool watches it."""
    names: list[str] = []
    monitoring = sys.monitoring
    start = monitoring.events.PY_START
    monitoring.use_tool_id(OTHER, "second")
    monitoring.register_callback(
        OTHER, start, lambda code, _: names.append(code.co_name)
    )
    monitoring.set_local_events(OTHER, _inner.__code__, start)
    _inner()
    assert names == ["_inner"]
    switch(lambda _: _inner(), ("PY_START",))
    _outer()
    off(("PY_START",))
    monitoring.free_tool_id(OTHER)
    return "none" if names == ["_inner"] else "seen by the second tool"


FACT = Fact("events made while a callback runs", {(3, 12): "none"}, see)

if __name__ == "__main__":
    FACT.check()
