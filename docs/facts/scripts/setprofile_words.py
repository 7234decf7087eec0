"""3.11: the opcode at f_lasti tells what a 'call' or 'return' of setprofile is.

'call' at RESUME 0 is a start, at RESUME 1 to 3 a resume, at anything else (the
yield that waits) a throw. 'return' at YIELD_VALUE is a yield, at RETURN_VALUE a
return, at anything else an exception that leaves.
"""

from __future__ import annotations

import contextlib
import dis
import sys
from typing import TYPE_CHECKING

from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

RETURNS = {"YIELD_VALUE": "YIELD", "RETURN_VALUE": "RETURN", "": "UNWIND"}


def word(frame: FrameType, event: str) -> str:
    """PEP 669's word for an event of sys.setprofile."""
    code = frame.f_code.co_code
    opcode, argument = code[frame.f_lasti : frame.f_lasti + 2]
    name = dis.opname[opcode]
    if event == "return":
        return RETURNS.get(name, "UNWIND")
    if name == "RESUME":
        return "RESUME" if argument & 3 else "START"
    return "THROW"


def _items() -> Generator[int, None, None]:
    with contextlib.suppress(KeyError):
        yield 1
    yield from iter((2,))
    raise ValueError


def _program() -> None:
    generator = _items()
    next(generator)
    generator.throw(KeyError())
    with contextlib.suppress(ValueError):
        next(generator)


def see() -> str:
    """Name the events of a generator: yield, throw, yield from, unwind."""
    words: list[str] = []

    def profile(frame: FrameType, event: str, _: object) -> None:
        if frame.f_code is _items.__code__ and event in ("call", "return"):
            words.append(word(frame, event))

    sys.setprofile(profile)
    try:
        _program()
    finally:
        sys.setprofile(None)
    return " ".join(words)


FACT = Fact(
    "setprofile: opcode at f_lasti tells",
    {(3, 11): "START YIELD THROW YIELD RESUME UNWIND", (3, 12): "-"},
    see,
)

if __name__ == "__main__":
    FACT.check()
