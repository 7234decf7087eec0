"""frametools: see what CPython's frames do.

    vm          predicts what frames do        -> Recording, Steps
    monitor     observes what they did         -> Recording, CallTree
    retention   explains those that are kept   -> Leaks: who holds them, how much
    profile     python -m frametools.profile   -> where the time goes, how deep
    calls       @log_calls                     -> a line when a call begins and ends
    tracebacks  with enhanced_traceback():     -> errors with the variables of frames

Importing the package costs nothing: a name is loaded when it is first asked for.
(PYTEST_DONT_REWRITE: pytest need not look for asserts in the package of its plugin,
nor warn that it was imported before.)
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calls import log_calls as log_calls
    from frametools.calltree import CallTree as CallTree
    from frametools.events import CodeRef as CodeRef
    from frametools.events import Event as Event
    from frametools.events import EventKind as EventKind
    from frametools.monitor import MonitorError as MonitorError
    from frametools.monitor import record as record
    from frametools.monitor.materialisations import Asked as Asked
    from frametools.monitor.materialisations import Materialisations as Materialisations
    from frametools.monitor.materialisations import materialisations as materialisations
    from frametools.monitor.stack import Place as Place
    from frametools.monitor.stack import Walk as Walk
    from frametools.monitor.stack import caller as caller
    from frametools.monitor.stack import caller_message as caller_message
    from frametools.monitor.stack import current_depth as current_depth
    from frametools.monitor.stack import print_stack as print_stack
    from frametools.monitor.stack import walk as walk
    from frametools.profile.profiler import Profiler as Profiler
    from frametools.recording import Recording as Recording
    from frametools.snapshot import FrameSnapshot as FrameSnapshot
    from frametools.snapshot import TracebackSnapshot as TracebackSnapshot
    from frametools.tracebacks import EnhancedError as EnhancedError
    from frametools.tracebacks import enhanced_traceback as enhanced_traceback

_HOMES = {
    "Asked": "monitor.materialisations",
    "CallTree": "calltree",
    "CodeRef": "events",
    "EnhancedError": "tracebacks",
    "Event": "events",
    "EventKind": "events",
    "FrameSnapshot": "snapshot",
    "Materialisations": "monitor.materialisations",
    "MonitorError": "monitor",
    "Place": "monitor.stack",
    "Profiler": "profile.profiler",
    "Recording": "recording",
    "TracebackSnapshot": "snapshot",
    "Walk": "monitor.stack",
    "caller": "monitor.stack",
    "caller_message": "monitor.stack",
    "current_depth": "monitor.stack",
    "enhanced_traceback": "tracebacks",
    "log_calls": "calls",
    "materialisations": "monitor.materialisations",
    "print_stack": "monitor.stack",
    "record": "monitor",
    "walk": "monitor.stack",
}

__all__ = [
    "Asked",
    "CallTree",
    "CodeRef",
    "EnhancedError",
    "Event",
    "EventKind",
    "FrameSnapshot",
    "Materialisations",
    "MonitorError",
    "Place",
    "Profiler",
    "Recording",
    "TracebackSnapshot",
    "Walk",
    "caller",
    "caller_message",
    "current_depth",
    "enhanced_traceback",
    "log_calls",
    "materialisations",
    "print_stack",
    "record",
    "walk",
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


def load_ipython_extension(shell: object) -> None:
    """`%load_ext frametools`: gives IPython the magics of `profile.notebook`."""
    from frametools.profile.notebook import load

    load(shell)


def unload_ipython_extension(shell: object) -> None:
    """`%unload_ext frametools`: takes them away again."""
    from frametools.profile.notebook import unload

    unload(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES} - {"TYPE_CHECKING", "annotations"})
