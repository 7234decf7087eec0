"""sys.monitoring (PEP 669), 3.12 and later."""

from __future__ import annotations

import sys
from _weakref import ref

from frametools._python import CAN_LOCAL_UNWIND
from frametools.monitor.backend import MonitorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType

    from frametools.monitor._core import TreeBuilder

TOOL_IDS = (3, 4, 5, 2)
"""Tried in this order. 2 is last: cProfile knows no other, and a program that
profiles itself must find it free."""

_IMPLIED = ("C_RETURN", "C_RAISE")  # they come with CALL, and cannot be set alone
# These cannot be local before 3.15.
_GLOBAL = ("PY_THROW", "PY_UNWIND", "RAISE", "RERAISE", "EXCEPTION_HANDLED")


def take_tool_id(name: str) -> int:
    """Return a tool id that was free, now taken under `name`; MonitorError if none.

    An id is never taken from another tool.
    """
    for tool_id in TOOL_IDS:
        try:
            sys.monitoring.use_tool_id(tool_id, name)
        except ValueError:
            continue
        return tool_id
    holders = ", ".join(f"{i}: {sys.monitoring.get_tool(i)}" for i in sorted(TOOL_IDS))
    raise MonitorError(f"no sys.monitoring tool id is free ({holders})")


def give_back(
    tool_id: int, names: Sequence[str], *, has_disabled: bool = False
) -> None:
    """Switch the tool's events off, forget its callbacks, free the id.

    `has_disabled`: a callback returned DISABLE; the next holder must not feel it.
    """
    monitoring = sys.monitoring
    monitoring.set_events(tool_id, 0)
    for name in names:
        monitoring.register_callback(tool_id, getattr(monitoring.events, name), None)
    monitoring.free_tool_id(tool_id)
    if has_disabled:
        # DISABLE stays with the tool id, free or not, until the code is instrumented
        # anew (tests/profile/test_profiler.py: test_a_filter_ends_with_its_run). Other
        # tools' places come back too; they disable them again as they did before.
        monitoring.restart_events()


def _mask(names: Sequence[str]) -> int:
    events = sys.monitoring.events
    mask = 0
    for name in names:
        if name not in _IMPLIED:
            mask |= getattr(events, name)
    return mask


class Monitoring:
    """Events by sys.monitoring, under the first tool id of 3, 4, 5, 2 that is free.

    With `wants`, events are local to the wanted code objects: what is left out
    runs at full speed after its first call. Before 3.15 an exception that leaves
    a frame, or is thrown into one, still costs a callback anywhere.
    """

    wants: Callable[[CodeType], bool] | None = None

    def __init__(self, wants: Callable[[CodeType], bool] | None = None) -> None:
        self._tool_id: int | None = None
        self._builder: TreeBuilder | None = None
        self._names: tuple[str, ...] = ()
        self._is_wanted = wants
        self._local: list[ref[CodeType]] = []
        if wants is not None:
            self.wants = self._set_local

    def start(self, builder: TreeBuilder, skip: int = 0) -> None:
        """Start `builder` and its events; MonitorError if no tool id is free."""
        if self._tool_id is not None:
            raise MonitorError("this monitor is running already")
        monitoring = sys.monitoring
        tool_id = take_tool_id("frametools")
        callbacks = builder.callbacks
        for name, callback in callbacks.items():
            event = getattr(monitoring.events, name)
            monitoring.register_callback(tool_id, event, callback)
        self._tool_id, self._builder = tool_id, builder
        self._names = tuple(callbacks)
        self._local_mask = _mask(
            [n for n in self._names if CAN_LOCAL_UNWIND or n not in _GLOBAL]
        )
        builder.start(skip + 1)
        monitoring.set_events(tool_id, _mask(self._global_names()))

    def _global_names(self) -> tuple[str, ...]:
        """Return the events that are on everywhere."""
        if self.wants is None:
            return self._names
        if CAN_LOCAL_UNWIND:
            return ("PY_START",)
        return ("PY_START", *(n for n in self._names if n in _GLOBAL))

    def _set_local(self, code: CodeType) -> bool:
        """Answer the builder, and switch a wanted code object's events on."""
        if self._is_wanted is not None and not self._is_wanted(code):
            return False
        if self._tool_id is not None:
            sys.monitoring.set_local_events(self._tool_id, code, self._local_mask)
            self._local.append(ref(code))
        return True

    def _clear_local(self, tool_id: int) -> None:
        """Switch local events off: before 3.14 they outlive their tool's id."""
        for reference in self._local:
            code = reference()
            if code is not None:
                sys.monitoring.set_local_events(tool_id, code, 0)
        self._local.clear()

    def stop(self) -> None:
        """Stop events and builder; the tool id is free again."""
        tool_id, builder = self._tool_id, self._builder
        if tool_id is None or builder is None:
            return
        self._tool_id = self._builder = None
        self._clear_local(tool_id)
        give_back(tool_id, self._names, has_disabled=self.wants is not None)
        builder.stop()
