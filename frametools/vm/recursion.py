"""The host's own recursion limit, while the VM runs frames.

Calls within the VM use no frame of the host. But where native code calls back (a sort
key, `__eq__`), each level takes up to ten of the host's: of the evaluation loop, the
call, the shim, the trampoline. The program's limit is the VM's affair
(`thread.recursion_limit`); the host's must be so high that it is never met inside of
the VM's code, and so low that the C stack does not overflow. Where both cannot be,
`check_room` raises the program's RecursionError before the host's would be met.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock, get_native_id, stack_size

from frametools._python import C_STACK_CAN_OVERFLOW
from frametools.vm._builtins import RecursionError, max, min

if sys.platform != "win32":
    from resource import RLIM_INFINITY, RLIMIT_STACK, getrlimit

    def _stack_limit() -> int:
        return getrlimit(RLIMIT_STACK)[0]
else:
    RLIM_INFINITY = -1

    def _stack_limit() -> int:
        return 1 << 20


_get_limit, _set_limit = sys.getrecursionlimit, sys.setrecursionlimit

HOST_FRAMES_PER_LEVEL = 12
"""Measured: 10 for a sort key on 3.11, 8 on 3.13."""

UNLIMITED = 2**30
BYTES_PER_FRAME = (8 << 20) // 12_000
"""With 8 MB of C stack a program of the VM on 3.13.0 survives 1,600 levels of sort
keys and not 1,800, at 8 frames each."""

RESERVE = 100
"""Frames that the VM needs at most between two checks, and to unwind."""

SAFE_DEPTH = 200
"""Frames of the program that need no check, as deep as they may be nested."""

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
    highest = max(_room_of_main(), _room_of_others())
    needed = min(limit * HOST_FRAMES_PER_LEVEL + 1000, highest)
    if needed > _get_limit():
        _set_limit(needed)


def room() -> int:
    """Return how many of the host's frames the C stack of this thread has room for."""
    return _room_of_main() if get_native_id() == os.getpid() else _room_of_others()


def _room_of_main() -> int:
    if not C_STACK_CAN_OVERFLOW:
        return UNLIMITED
    soft = _stack_limit()
    if soft == RLIM_INFINITY or soft > 64 << 20:
        soft = 64 << 20  # what no mapping of memory comes close to
    return max(soft // BYTES_PER_FRAME, 1000)


def _room_of_others() -> int:
    if not C_STACK_CAN_OVERFLOW:
        return UNLIMITED
    # glibc's threads have 2 MB where the limit is infinite.
    size = stack_size() or _default_size
    return max(min(size, 64 << 20) // BYTES_PER_FRAME, 1000)


def _size_of_threads() -> int:
    soft = _stack_limit()
    return 2 << 20 if soft == RLIM_INFINITY else soft


_default_size = _size_of_threads()
"""Taken from the limit at the start of the process: of that we are sure no more."""


def check_room(available: int) -> None:
    """Raise RecursionError if the host is close to its limit, or to `available`.

    The host compares its depth with a limit that it is given.
    """
    limit = _get_limit()
    if limit < available:
        return  # the highest that any number of levels needs: see make_room
    try:
        _set_limit(available - RESERVE)
    except RecursionError:
        pass
    else:
        _set_limit(limit)
        return
    raise RecursionError("maximum recursion depth exceeded")


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
