"""The words that every part of frametools shares, named as in CPython.

Events are those of PEP 669 (`sys.monitoring.events`); on 3.11, where only
`sys.setprofile` exists, the same words are derived from it.
"""

from __future__ import annotations

# typing.NamedTuple would cost a program's start 2 to 5 ms for `typing`.
from collections import namedtuple
from enum import IntEnum


class EventKind(IntEnum):
    """What happened; the numbers are those of the data file."""

    PY_START = 1
    PY_RESUME = 2
    PY_THROW = 3
    PY_RETURN = 4
    PY_YIELD = 5
    PY_UNWIND = 6
    LINE = 7
    CALL = 8
    C_RETURN = 9
    C_RAISE = 10
    RAISE = 11
    RERAISE = 12
    EXCEPTION_HANDLED = 13
    STOP_ITERATION = 14
    INSTRUCTION = 15
    JUMP = 16
    BRANCH_LEFT = 17
    BRANCH_RIGHT = 18
    BRANCH = 19

    @property
    def enters(self) -> bool:
        """True for the three events that put a frame on the stack."""
        return self in ENTER

    @property
    def leaves(self) -> bool:
        """True for the three events that take a frame off the stack."""
        return self in LEAVE


ENTER = {
    EventKind.PY_START: "calls",
    EventKind.PY_RESUME: "resumes",
    EventKind.PY_THROW: "throws",
}
"""What puts a frame on the stack, and the name of the count that tells how often."""

LEAVE = {
    EventKind.PY_RETURN: "returns",
    EventKind.PY_YIELD: "yields",
    EventKind.PY_UNWIND: "unwinds",
}
"""What takes one off, likewise."""


class CodeKind(IntEnum):
    """What a `CodeRef` names."""

    PYTHON = 0
    C_FUNCTION = 1
    EXCEPTION_TYPE = 2
    OTHER = 3


class CodeRef(
    namedtuple(
        "CodeRef",
        "qualname filename firstlineno flags kind",
        defaults=(
            "",
            0,
            0,
            CodeKind.PYTHON,
        ),
    )
):
    """The name of a code object, a C function or a type, as plain data.

    Two code objects with the same file, qualified name and first line have
    equal `CodeRef`s; nothing here keeps the code object alive.
    """

    __slots__ = ()

    qualname: str
    filename: str
    firstlineno: int
    flags: int
    kind: CodeKind


class Event(
    namedtuple(
        "Event",
        "kind code depth frame time thread argument target",
        defaults=(
            0,
            None,
        ),
    )
):
    """One event of a `Recording`."""

    __slots__ = ()

    kind: EventKind
    code: CodeRef
    depth: int
    """Frames below it on the stack; a thread's outermost frame has 1."""
    frame: int
    """Serial of the frame's activation, kept over suspensions; 0 is unknown."""
    time: int
    """Nanoseconds since the recording began."""
    thread: int
    """Index of the thread, 0 for the first seen."""
    argument: int
    """The line, for LINE."""
    target: CodeRef | None
    """The exception's type, for RAISE and its kin; the callee, for CALL."""
