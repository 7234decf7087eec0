"""What sys.monitoring tells of a function, for the programs of quirks.toml."""

from __future__ import annotations

import dis
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def told(names: list[str], function: Callable[[], object]) -> list[tuple[Any, ...]]:
    """Call a function: the events of its file's code, as (name, function, ...)."""
    log = []
    here = function.__code__.co_filename
    monitoring = sys.monitoring
    events = [getattr(monitoring.events, name) for name in names]

    def keeping(name: str) -> Callable[..., None]:
        def keep(code: Any, *args: object) -> None:
            if code.co_filename == here:
                log.append((name, code.co_name, *args))

        return keep

    monitoring.use_tool_id(3, "quirks")
    for name, event in zip(names, events, strict=True):
        monitoring.register_callback(3, event, keeping(name))
    monitoring.set_events(3, sum(events))
    try:
        function()
    except ValueError:
        pass
    finally:
        monitoring.set_events(3, 0)
        for event in events:
            monitoring.register_callback(3, event, None)
        monitoring.free_tool_id(3)
    return log


def offsets(function: Callable[..., object], opname: str) -> list[int]:
    """Return where a function has an instruction, in bytes."""
    found = dis.get_instructions(function)
    return [each.offset for each in found if each.opname == opname]
