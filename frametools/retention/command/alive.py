"""What a whole program keeps: for the two commands that look at one from outside.

`Alive` leaves out the frames of frametools itself, and sets those apart that the
interpreter keeps of the exception that it has shown last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools._python import HAS_LAST_EXC
from frametools.retention.arguments import Seconds
from frametools.retention.finding import BUDGET
from frametools.retention.watching import live

if TYPE_CHECKING:
    from types import CodeType

    from frametools.retention.leaks import Leak

_LAST = "sys.last_"
"""Begins the paths of `sys.last_exc`, `last_value`, `last_traceback`."""


class Alive:
    """Frames of the program that are alive, but for those of its last exception."""

    def __init__(
        self,
        starters: list[CodeType],
        *,
        min_size: int = 0,
        cycles: bool = False,
        everything: bool = False,
        seconds: float = 0.0,
    ) -> None:
        """Look now; cost: that of `live`. `starters` is code that is not theirs.

        `seconds`, if any, are what the sizes may take, instead of `live`'s budget.
        """
        self._starters = starters
        budget: Any = Seconds(seconds) if seconds else BUDGET
        found = live(
            min_size=min_size, cycles=cycles, ignore=self._is_ours, budget=budget
        )
        self.last = [leak for leak in found if not everything and _is_last(leak)]
        """What only `sys.last_exc` and its kin hold; none if `everything` is asked."""
        self.leaks = [leak for leak in found if leak not in self.last]

    def _is_ours(self, found: Any) -> bool:
        frame = frame_of(found)
        if frame is None:
            return False
        module = dict.get(frame.f_globals, "__name__")
        if type(module) is str and module.startswith("frametools."):
            return True
        code = frame.f_code
        return any(code is starter for starter in self._starters)


def _is_last(leak: Leak) -> bool:
    """Tell if nothing but the interpreter's own note of an exception holds it."""
    paths = [holder.path for holder in leak.holders]
    return bool(paths) and not leak.hidden and all(p.startswith(_LAST) for p in paths)


def say_last(leaks: list[Leak]) -> str:
    """Say in one line what is kept of the exception that was shown last."""
    from frametools.retention.amounts import format_amount

    frames = sum(len(leak.frames) * leak.count for leak in leaks)
    amount = format_amount(sum(leak.size for leak in leaks))
    noun = "frame" if frames == 1 else "frames"
    name = "last_exc" if HAS_LAST_EXC else "last_value"
    return f"sys.{name}, a {leaks[0].head}: {frames} {noun} ({amount})"
