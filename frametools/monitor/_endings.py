"""Saves before a call that may end the process at once, such as os._exit.

The Python twin's data are in memory until its helper thread saves them. Code that
names such a function gets local CALL events, so nothing else pays for it; on 3.11 the
profile function sees the calls anyway.
"""

from __future__ import annotations

import os
import sys

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

_NAMES = frozenset("_exit abort execv execve kill killpg".split())
EXIT, KILL = os._exit, getattr(os, "kill", None)
_FUNCTIONS = {
    function: name
    for name in _NAMES
    if (function := getattr(os, name, None)) is not None
}

savers: list[Callable[[], None]] = []
"""What saves, of each builder that runs and has a file."""

_monitoring = getattr(sys, "monitoring", None)


def watch(code: CodeType) -> None:
    """Switch CALL events on for `code`, if it names a function that may end us."""
    if _monitoring is None or _NAMES.isdisjoint(code.co_names) or not savers:
        return
    tools = [i for i in range(6) if _monitoring.get_tool(i) == "frametools"]
    if len(tools) == 1:
        event = _monitoring.events.CALL
        local = _monitoring.get_local_events(tools[0], code)
        _monitoring.register_callback(tools[0], event, _on_call)
        _monitoring.set_local_events(tools[0], code, local | event)


def _on_call(code: CodeType, offset: int, function: object, first: object) -> object:
    if not savers:
        return None if _monitoring is None else _monitoring.DISABLE
    before(function, first)
    return None


def before(function: object, first: object) -> None:
    """Save, if calling `function` with `first` may be the end of this process."""
    if type(function) is not type(EXIT):  # the program's own must not be hashed
        return
    name = _FUNCTIONS.get(function)
    is_other = name == "kill" and isinstance(first, int) and first not in _own_pids()
    if name is not None and not is_other:
        save_all()


def _own_pids() -> tuple[int, ...]:
    return os.getpid(), 0, -1


def save_all() -> None:
    """Save what runs; a full disk is not the program's affair."""
    for save in savers:
        try:
            save()
        except OSError:
            continue
