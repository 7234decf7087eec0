"""The calling-context tree: one node per distinct stack of calls.

    MainThread                       node 1, the root of a thread
      <module>                       calls 1
        main                         calls 1
          fib  -- fib -- fib         recursion: a node per level
        Worker.run                   the same function under another caller:
          fib                          another node

`tree` holds `CallTree`: columns of counts and times, navigation, files. `times` makes
self and cumulative times of them, `functions` the table by function. `contexts` tells
which nodes of several trees are the same: `align` compares trees, `merging` adds them
up, one after another; `pruning` leaves some nodes out. `replay` builds a tree from the
events of a `Recording`. Nothing here is recursive: trees may be 20,000 levels deep.
"""

from __future__ import annotations

from frametools.calltree.tree import CallTree, Costs, ThreadInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree.align import NodeDiff
    from frametools.calltree.functions import FunctionStats
    from frametools.calltree.times import Times

__all__ = [
    "CallTree",
    "Costs",
    "FunctionStats",
    "NodeDiff",
    "ThreadInfo",
    "Times",
]
_LATE = {"FunctionStats": "functions", "NodeDiff": "align", "Times": "times"}


def __getattr__(name: str) -> object:
    """Import the rows' types when they are asked for: start-up does not pay."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
