"""Which events of sys.monitoring a program makes (Python 3.12 and newer)."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

ENTER = ("PY_START", "PY_RESUME", "PY_THROW")
LEAVE = ("PY_RETURN", "PY_YIELD", "PY_UNWIND")
SIX = ENTER + LEAVE
TOOL = 3


def switch(
    callback: Callable[[str], object],
    names: tuple[str, ...] = SIX,
    skip: CodeType | None = None,
) -> None:
    """Call `callback(event's name)` for each event of code not here and not `skip`."""
    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "facts")
    wanted = 0

    def register(name: str) -> int:
        def called(code: CodeType, *_: object) -> object:
            hidden = code.co_filename == __file__ or code is skip
            return None if hidden else callback(name)

        event: int = getattr(monitoring.events, name)
        monitoring.register_callback(TOOL, event, called)
        return event

    for name in names:
        wanted |= register(name)
    monitoring.set_events(TOOL, wanted)


def off(names: tuple[str, ...] = SIX) -> None:
    """Give the tool id back."""
    monitoring = sys.monitoring
    monitoring.set_events(TOOL, 0)
    for name in names:
        monitoring.register_callback(TOOL, getattr(monitoring.events, name), None)
    monitoring.free_tool_id(TOOL)


def seen(program: Callable[[], object], names: tuple[str, ...] = SIX) -> list[str]:
    """The events while `program` runs, those of its own frame left out."""
    own = getattr(program, "__code__", None)
    events: list[str] = []
    switch(events.append, names, own)
    try:
        program()
    finally:
        off(names)
    return events


def text(events: list[str]) -> str:
    """Events as they stand in a table: "PY_THROW PY_UNWIND", or "none"."""
    return " ".join(events) or "none"


def counted(events: list[str]) -> str:
    """The enters against the leaves: "9 = 9"."""
    count = Counter(events)
    sums = [sum(count[name] for name in names) for names in (ENTER, LEAVE)]
    return f"{sums[0]} = {sums[1]}"
