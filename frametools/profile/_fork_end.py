"""The end of a forked child of multiprocessing: by os._exit, without atexit.

Process._bootstrap empties the table of finalizers that the child has from its parent,
calls what is registered for after a fork, runs the target, and then the finalizers.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LAST = -1_000_000
"""Priority of a finalizer that runs after those of the program."""


def call_at_end(owner: object, action: Callable[[], None]) -> None:
    """Let a child that was just forked call something at its end; raises nothing.

    `owner` must live as long as the child. Nothing comes of it in a child that is not
    one of multiprocessing.
    """
    util = sys.modules.get("multiprocessing.util")
    try:
        if util is not None:
            util.register_after_fork(
                owner, lambda _: util.Finalize(None, action, exitpriority=_LAST)
            )
    except Exception:  # a module of the program's own has that name
        return
