"""Calls back when a signal comes, and leaves the program's own handlers in place.

A handler that was there before is called after. One that the program sets later is in
our place from then on, and `is_replaced` tells; it may call ours, as handlers do that
are written to be polite.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

_NEVER = "KILL", "STOP", "SEGV", "FPE", "ILL", "BUS", "ABRT"
"""Those that cannot be caught, and those after which a program cannot go on."""
_ENDS = "TERM", "QUIT", "HUP"
"""Those that are sent for a program to end: it still does, if it has no handler."""


def signal_number(text: str) -> int:
    """Return the number of a signal given as `USR2`, `SIGUSR2`, `12`.

    Raises ValueError, in one line, for what is none or cannot be waited for.
    """
    name = text.strip().upper().removeprefix("SIG")
    known = {number.name[3:]: number for number in signal.Signals}
    found = known.get(name)
    if found is None:
        found = next((n for n in signal.Signals if name == str(int(n))), None)
    if found is None:
        raise ValueError(f"there is no signal {text!r} here; USR2 is one")
    name = found.name[3:]
    if name in _NEVER:
        raise ValueError(f"no program goes on after SIG{name}; USR2 is free for this")
    if name == "INT":  # passed on from Python, its traceback would show our frame
        raise ValueError("SIGINT ends the program, and that is reported anyway")
    return int(found)


class OnSignal:
    """Calls `report` when a signal comes; it must not raise."""

    def __init__(self, number: int, report: Callable[[], object]) -> None:
        self.number = number
        self.name = signal.Signals(number).name
        self._report = report
        self._former: Any = None
        # One object, made once: a bound method is a new one each time.
        self._handler: Any = self._handle

    def start(self) -> None:
        """Set the handler; in the main thread."""
        self._former = signal.signal(self.number, self._handler)

    def is_replaced(self) -> bool:
        """Tell if the program has set a handler of its own."""
        return signal.getsignal(self.number) is not self._handler

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._report()
        if callable(self._former):
            self._former(number, frame)
        elif self._former == signal.SIG_DFL and self.name[3:] in _ENDS:
            del frame
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
