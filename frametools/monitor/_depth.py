"""`current_depth`: how deep the stack is, found by looking where it ends."""

from __future__ import annotations

import os
import sys
from sys import _getframe

from frametools._python import HAS_GETFRAMEMODULENAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    _There = FrameType | str | None
    """What a probe says of a frame: it, or its module's name; None if not there."""

# A probe by sys._getframemodulename costs no frame object, one by sys._getframe does,
# and each follows pointers up to the frame: what is few is cheaper walked than halved.
# At depth 1,000 at most 16 objects are made, 24 anywhere up to 3,000 (test_stack.py).
_FEW = 12
_GROWTH = 4

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
"""Whoever profiles without the C core has frames of ours below the program's."""

_last = [1]
"""Where the outermost frame was last, counted from `current_depth`: a hint only."""


def current_depth() -> int:
    """Return how deep the call is: 0 at module level, 1 in what that calls.

    It is the number of frames below the caller's on the stack of this thread, those
    left out that start a program or thread: of `runpy` (`python -m`), `threading` and
    our own commands at the outer end. So a thread's target has 0 too. All others
    count: importlib's under a module that is imported, pytest's, comprehensions' on
    3.11, who resumed a generator. Where `sys._getframe(k)` ends is searched, from where
    it was last time: O(n log n) pointers are followed, O(log n) frame objects made.
    """
    index = _last[0]
    try:
        frame = _getframe(index)
    except ValueError:
        frame = None
    if frame is None or frame.f_back is not None:
        distance, frame = outermost(index + 1)
        index = _last[0] = distance - 1
    while index > 1 and _is_start(frame):
        index -= 1
        frame = _getframe(index)
    return max(0, index - 1)


def _is_start(frame: FrameType) -> bool:
    """Whether the frame is of what starts a program or a thread."""
    name = frame.f_globals.get("__name__")
    if type(name) is str and name in ("runpy", "threading"):
        return True
    return frame.f_code.co_filename.startswith(_PACKAGE)


# What is not done: `sys.setrecursionlimit(1)` fails with a message that has the depth,
# in O(1). But where C code has lent recursion room (as our own `guard` does) it
# succeeds, in all threads. And f_back alone makes an object of every frame.
def outermost(guess: int) -> tuple[int, FrameType]:
    """Find the outermost frame; its distance is counted from the frame of this call.

    Probes go out from `guess` by growing steps, then halve what is between; the rest
    is walked. Functions whose module has no name look like the end of the stack; where
    the walk goes on behind it, the probes begin again and make frame objects.
    """
    low = guess
    for probe in (_probe, _frame_if_there):
        low, high, found = _around(probe, low + 1)
        low, high = low - 1, high - 1
        while high - low > _FEW:
            middle = (low + high) // 2
            there = probe(middle)
            if there is None:
                high = middle
            else:
                low, found = middle, there
        # On 3.11 a probe has it: to follow 1,000 pointers once more takes 5 us.
        frame: FrameType = _getframe(low) if isinstance(found, str | None) else found
        while low < high and (outer := frame.f_back) is not None:
            frame = outer
            low += 1
        if low < high:
            break
    return low, frame


def _around(probe: Callable[[int], _There], guess: int) -> tuple[int, int, _There]:
    """Give two distances: of a frame, and beyond the outermost (so it looks).

    And what a probe said of that frame, if one was sent to it.
    """
    step = _FEW
    found = probe(guess)
    if found is None:
        low, high = max(1, guess - step), guess
        while low > 1 and (found := probe(low)) is None:
            step *= _GROWTH
            low, high = max(1, low - step), low
        return low, high, found
    low, high = guess, guess + step
    while (there := probe(high)) is not None:
        found = there
        step *= _GROWTH
        low, high = high, high + step
    return low, high, found


def _frame_if_there(depth: int) -> FrameType | None:
    """Do for the caller what sys._getframe does; None beyond the outermost."""
    try:
        return _getframe(depth + 1)
    except ValueError:
        return None


_probe: Callable[[int], _There] = (
    sys._getframemodulename if HAS_GETFRAMEMODULENAME else _frame_if_there
)
