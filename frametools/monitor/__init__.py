r"""OBSERVE: what real CPython frames did.

    the interpreter's events          pep669.py (3.12+)    settrace.py (3.11)
              |                              \              /
              v                               backend.py: choose()
    TreeBuilder / Recorder            _core*.c, or their Python twins
              |                       treebuilder.py, recorder.py (_twin.py chooses)
              v
    the data file (docs/data-file.md) -> CallTree, Recording

`record(func)` runs a function and returns its `Recording`; `recording()` is the
same for a block. `exceptions.py` keeps tracebacks as plain data. `stack.py` looks at
the live stack without a hook; `materialisations.py` at who else does.
"""

from __future__ import annotations

from frametools.monitor.backend import MonitorError, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.monitor._recording import record, recording
    from frametools.monitor.backend import Backend

__all__ = ["Backend", "MonitorError", "choose", "record", "recording"]


def __getattr__(name: str) -> object:
    """Import what a program's start must not pay for when it is asked for."""
    if name in ("record", "recording"):
        from frametools.monitor import _recording

        value: object = getattr(_recording, name)
        globals()[name] = value
        return value
    if name == "Backend":
        from frametools.monitor.backend import Backend

        return Backend
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
