"""frametools: see what CPython's frames do.

    vm          predicts what frames do        -> Recording, Steps
    monitor     observes what they did         -> Recording, CallTree
    retention   explains those that are kept   -> Leaks: who holds them, how much
    profile     python -m frametools.profile   -> where the time goes, how deep

Importing the package costs nothing: a name is loaded when it is first asked for.
(PYTEST_DONT_REWRITE: pytest need not look for asserts in the package of its plugin,
nor warn that it was imported before.)
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree import CallTree as CallTree
    from frametools.events import CodeRef as CodeRef
    from frametools.events import Event as Event
    from frametools.events import EventKind as EventKind
    from frametools.monitor import MonitorError as MonitorError
    from frametools.monitor import record as record
    from frametools.profile.profiler import Profiler as Profiler
    from frametools.recording import Recording as Recording
    from frametools.snapshot import FrameSnapshot as FrameSnapshot
    from frametools.snapshot import TracebackSnapshot as TracebackSnapshot

_HOMES = {
    "CallTree": "calltree",
    "CodeRef": "events",
    "Event": "events",
    "EventKind": "events",
    "FrameSnapshot": "snapshot",
    "MonitorError": "monitor",
    "Profiler": "profile.profiler",
    "Recording": "recording",
    "TracebackSnapshot": "snapshot",
    "record": "monitor",
}

__all__ = [
    "CallTree",
    "CodeRef",
    "Event",
    "EventKind",
    "FrameSnapshot",
    "MonitorError",
    "Profiler",
    "Recording",
    "TracebackSnapshot",
    "record",
]


def __getattr__(name: str) -> object:
    """Load the module that holds a public name, once."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'frametools' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"frametools.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES} - {"TYPE_CHECKING", "annotations"})
