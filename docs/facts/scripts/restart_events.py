"""restart_events() of one tool re-arms what every other tool DISABLEd."""

from __future__ import annotations

import sys

from _events import off, switch
from _fact import Fact


def _program() -> None:
    pass


def see() -> str:
    """Call a disabled function before and after restart_events()."""
    calls: list[str] = []

    def once(name: str) -> object:
        calls.append(name)
        return sys.monitoring.DISABLE

    switch(once, ("PY_START",))
    _program()
    _program()
    before = len(calls)
    sys.monitoring.restart_events()
    _program()
    off(("PY_START",))
    return f"{before} before, {len(calls) - before} after"


FACT = Fact(
    "calls seen, DISABLEd, around restart_events()",
    {(3, 12): "1 before, 1 after"},
    see,
)

if __name__ == "__main__":
    FACT.check()
