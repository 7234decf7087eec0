"""The host's own recursion limit, while the VM runs frames.

Calls within the VM use no frame of the host. But where native code calls back (a sort
key, `__eq__`), each level takes up to ten of the host's: of the evaluation loop, the
call, the shim, the trampoline. The program's limit is the VM's affair
(`thread.recursion_limit`); the host's must be so high that it is never met inside of
the VM's code, and so low that the C stack does not overflow.
"""

from __future__ import annotations

import sys
from _thread import RLock

from frametools._python import C_STACK_CAN_OVERFLOW
from frametools.vm._builtins import RecursionError, max, min

_get_limit, _set_limit = sys.getrecursionlimit, sys.setrecursionlimit

HOST_FRAMES_PER_LEVEL = 12
"""Measured: 10 for a sort key on 3.11, 8 on 3.13."""

HIGHEST = 12_000 if C_STACK_CAN_OVERFLOW else 2**30
"""With 8 MB of C stack a program of the VM on 3.13.0 survives 1,600 levels of sort
keys and not 1,800, at 8 frames each."""

_lock = RLock()  # a signal handler may begin in the midst of `begin`
_entered = 0
_before = _get_limit()


def begin(limit: int) -> None:
    """Make room for a thread of a program with this recursion limit."""
    global _entered, _before  # noqa: PLW0603
    with _lock:
        if not _entered:
            _before = _get_limit()
        _entered += 1
    make_room(limit)


def make_room(limit: int) -> None:
    """Raise the host's limit to what a program needs that may go `limit` deep."""
    needed = min(limit * HOST_FRAMES_PER_LEVEL + 1000, HIGHEST)
    if needed > _get_limit():
        _set_limit(needed)


def end() -> None:
    """Give the host its limit back once no thread is inside of a VM."""
    global _entered  # noqa: PLW0603
    with _lock:
        _entered -= 1
        if not _entered:
            try:
                _set_limit(max(_before, 1))
            except RecursionError:  # too deep in native code for it
                pass


def program_limit() -> int:
    """Return the host's limit as it is when no VM has raised it."""
    return _before if _entered else _get_limit()
