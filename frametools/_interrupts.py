"""Which errors, raised while a value is written, are the program's.

A signal handler runs between any two instructions, ours too: Ctrl-C raises
KeyboardInterrupt, one of the program's a timeout, say. These go through, as they would
without us; whatever else a sink or a `__repr__` raises does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType


def is_the_programs(error: BaseException) -> bool:
    """Tell if an error is KeyboardInterrupt, or comes from a signal handler."""
    if issubclass(type(error), KeyboardInterrupt):
        return True
    handlers = _handlers()
    entry = error.__traceback__
    while entry is not None:
        if any(entry.tb_frame.f_code is code for code in handlers):
            return True
        entry = entry.tb_next
    return False


def _handlers() -> list[CodeType]:
    """Return the code of the signal handlers that are functions or methods."""
    import signal

    found = []
    for number in range(1, signal.NSIG):
        try:
            handler: Any = signal.getsignal(number)
        except ValueError:
            continue
        function = getattr(handler, "__func__", handler)
        code = getattr(function, "__code__", None)
        if code is not None:
            found.append(code)
    return found
