"""Waits, as Python starts, for the first code of the program that it will run.

`call(code)` is called when that code has just begun, on the main thread. Nothing of
what comes before is of the program: `site`, `usercustomize`, the look for the file.
"""

from __future__ import annotations

import sys

from frametools._python import HAS_MONITORING
from frametools.monitor.backend import MonitorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    Call = Callable[[CodeType], object]

_RUNPY = "_run_module_as_main"


def await_first_code(call: Call) -> None:
    """Begin to wait; MonitorError where the interpreter's hooks are taken."""
    if HAS_MONITORING:
        _await_by_monitoring(call)
    else:
        _await_by_setprofile(call)


def _is_first(code: CodeType, frame: FrameType) -> bool:
    """Tell the code of `__main__`, and runpy's, which -m and directories begin with."""
    if code.co_name == _RUNPY:
        return frame.f_globals.get("__name__") == "runpy"
    if code.co_name != "<module>":
        return False
    return frame.f_globals is sys.modules["__main__"].__dict__


def _await_by_monitoring(call: Call) -> None:
    from frametools.monitor.pep669 import give_back, take_tool_id

    tool = take_tool_id("frametools")

    def on_start(code: CodeType, _: int) -> None:
        try:
            if _is_first(code, sys._getframe(1)):
                give_back(tool, ("PY_START",))
                call(code)
        except Exception:
            return

    event = sys.monitoring.events.PY_START
    sys.monitoring.register_callback(tool, event, on_start)
    sys.monitoring.set_events(tool, event)


def _await_by_setprofile(call: Call) -> None:
    if sys.getprofile() is not None:
        raise MonitorError("sys.setprofile is taken")

    def profile(frame: FrameType, event: str, _: object) -> None:
        try:
            if event == "call" and _is_first(frame.f_code, frame):
                sys.setprofile(None)
                call(frame.f_code)
        except Exception:
            return

    sys.setprofile(profile)
