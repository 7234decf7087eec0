"""Exceptions by sys.monitoring, 3.12 and later."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from frametools.monitor import _twin
from frametools.monitor.pep669 import give_back, take_tool_id

if TYPE_CHECKING:
    from types import CodeType

    from frametools.monitor._sightings import Sightings


class Events:
    """RAISE, RERAISE, PY_UNWIND and EXCEPTION_HANDLED under an own tool id."""

    def __init__(self, sightings: Sightings, hide: tuple[str, ...]) -> None:
        self._sightings = sightings
        self._hide = hide
        self._tool_id: int | None = None
        self._callbacks = {
            "RAISE": _twin.guard(self._on_raise),
            "RERAISE": _twin.guard(self._on_reraise),
            "PY_UNWIND": _twin.guard(self._on_unwind),
            "EXCEPTION_HANDLED": _twin.guard(self._on_handled),
        }

    def start(self) -> None:
        """Begin; MonitorError if no tool id is free."""
        if self._tool_id is not None:
            return
        monitoring = sys.monitoring
        self._tool_id = take_tool_id("frametools exceptions")
        mask = 0
        for name, callback in self._callbacks.items():
            event = getattr(monitoring.events, name)
            monitoring.register_callback(self._tool_id, event, callback)
            mask |= event
        monitoring.set_events(self._tool_id, mask)

    def stop(self) -> None:
        """End; the tool id is free again."""
        if self._tool_id is not None:
            tool_id, self._tool_id = self._tool_id, None
            give_back(tool_id, tuple(self._callbacks))

    # A callback that raises would raise into the program: guard() does not let it,
    # and has room for it where a RecursionError is raised since there was none.

    def _on_raise(self, code: CodeType, offset: int, error: BaseException) -> None:
        if not code.co_filename.startswith(self._hide):
            self._sightings.raised(code, offset, error, error.__traceback__)

    def _on_reraise(self, code: CodeType, offset: int, error: BaseException) -> None:
        if not code.co_filename.startswith(self._hide):
            self._sightings.reraised(id(error))

    def _on_unwind(self, code: CodeType, offset: int, error: BaseException) -> None:
        if not code.co_filename.startswith(self._hide):
            caller = sys._getframe(1).f_back
            escaped = caller is None or caller.f_code.co_filename.startswith(self._hide)
            self._sightings.left(id(error), escaped=escaped)

    def _on_handled(self, code: CodeType, offset: int, error: BaseException) -> None:
        if not code.co_filename.startswith(self._hide):
            self._sightings.handled(id(error), code, offset)
