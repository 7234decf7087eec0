"""Whether the variables of a frame are later than the line where it raised.

    raised ---> left by the error:  f_lasti is where it raised, or put back there
           '--> handler, `finally`: f_lasti is there, or wherever it has come to
           '--> exit of a `with`:   it is there, and nothing of the frame's own ran

A frame that runs, or a generator that waits, may have come to the same instruction
again, in a loop: it is told by being alive.
"""

from __future__ import annotations

import gc
import opcode
import sys
from typing import TYPE_CHECKING

from frametools.tracebacks.fields import context
from frametools.tracebacks.handlers import handlers

if TYPE_CHECKING:
    from types import FrameType

_RERAISE = bytes([opcode.opmap["RERAISE"]])
_EXIT = bytes(opcode.opmap[name] for name in ("PUSH_EXC_INFO", "WITH_EXCEPT_START"))
"""Begins what leaves a `with` block with an error; RERAISE ends it."""


def _numbers(names: str) -> frozenset[int]:
    return frozenset(opcode.opmap.get(name, -1) for name in names.split())


_PASSING = _numbers("CLEANUP_THROW END_ASYNC_FOR")
"""Handlers of one instruction, of `await` and `async for`: they raise it again."""
_QUIET = _numbers("""
    CACHE COPY EXTENDED_ARG NOP POP_EXCEPT POP_ITER POP_TOP STORE_FAST
    STORE_FAST_STORE_FAST SWAP
""")
"""All that is in the handlers of exits of blocks, and of comprehensions without a frame
of their own (PEP 709), which give a variable the value from before."""
_RESUME = opcode.opmap["RESUME"]


def is_later(frame: FrameType, lasti: int, now: int, is_current: bool) -> bool:
    """Tell if a frame went on after it had raised at `lasti`; it stands at `now`.

    `is_current` tells if the error is being handled, see there. Unknown is a frame that
    another error has left, at the same instruction of a later turn of a loop: False.
    And one that a trace function is told of while the error is raised: True.
    """
    if now == lasti:
        return is_alive(frame)
    code = frame.f_code
    opcodes, table, at = code.co_code[::2], handlers(code), lasti
    for _ in table:  # each leads further out
        if opcodes[at // 2] == _RESUME:
            at -= 2  # thrown into it at the YIELD_VALUE before: 3.13 counts on
        target = next((each.target for each in table if each.start <= at < each.end), 0)
        is_exit = opcodes.startswith(_EXIT, target // 2)
        at = target
        if opcodes[target // 2] not in _PASSING:
            at = opcodes.find(_RERAISE, target // 2) * 2
            if not is_exit and not _QUIET.issuperset(opcodes[target // 2 : at // 2]):
                return True
        if is_exit and target < now <= at:
            return not is_current
        if now == at:
            return False
    return True


def is_alive(frame: FrameType) -> bool:
    """Tell if a frame runs, or is that of a generator which waits.

    The collector is told of a frame object when its frame is over: it owns what that
    had from then on (take_ownership in CPython's frame.c, 3.11 to 3.15).
    """
    return not gc.is_tracked(frame)


def is_handled(exc: BaseException) -> bool:
    """Tell if an exception is being handled here, or one that was raised meanwhile."""
    each, seen = sys.exception(), 0
    while each is not None and each is not exc and seen < _LONGEST:
        each, seen = context(each), seen + 1
    return each is exc


_LONGEST = 100
"""Exceptions that are looked at: the program may have made a loop of them."""
