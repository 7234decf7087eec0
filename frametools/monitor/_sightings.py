"""Exceptions on their way, as counts and plain data; knows no hook.

An exception is known by its address while it is in flight; it is never held. RAISE
comes again in each frame that it reaches, and EXCEPTION_HANDLED for each cleanup too,
so the state of one exception goes back and forth, and the counts with it. A new
exception at the address of a dead one tells itself apart by its traceback, which has
one entry when it is raised.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from frametools._safe_repr import safe_message
from frametools.events import CodeRef
from frametools.snapshot import FrameSnapshot, TracebackSnapshot

if TYPE_CHECKING:
    from types import CodeType, TracebackType

CONTROL_FLOW = frozenset({"StopIteration", "StopAsyncIteration", "GeneratorExit"})
_KNOWN = 10_000
"""Exceptions followed at a time; a program that stores more of them and raises them
again has those counted twice."""
_FRAMES = 200
"""Frames of a snapshot; of a longer traceback the innermost are kept, and the last."""

IN_FLIGHT, HANDLED, ESCAPED = range(3)


class Row:
    """Exceptions of one type, raised in one function."""

    __slots__ = ("counts", "example", "function", "raised", "type")

    def __init__(self, type_name: str, function: CodeRef) -> None:
        self.type = type_name
        self.function = function
        self.raised = 0
        self.counts = [0, 0, 0]
        """By state: IN_FLIGHT are those that C code took, or that are on their way."""
        self.example: Draft | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the row as JSON can hold it."""
        return {
            "type": self.type,
            "function": self.function.qualname,
            "filename": self.function.filename,
            "firstlineno": self.function.firstlineno,
            "raised": self.raised,
            "handled": self.counts[HANDLED],
            "cleared": self.counts[IN_FLIGHT],
            "escaped": self.counts[ESCAPED],
            "control_flow": self.type in CONTROL_FLOW,
            "example": self.example and self.example.snapshot().to_dict(),
        }


class Draft:
    """A traceback as it grows: the innermost frame first."""

    __slots__ = ("frames", "handled", "left", "message", "state", "type")

    def __init__(self, type_name: str, message: str) -> None:
        self.type = type_name
        self.message = message
        self.frames: list[FrameSnapshot] = []
        self.left = 0
        self.state = IN_FLIGHT
        self.handled: FrameSnapshot | None = None

    def reach(self, frame: FrameSnapshot) -> None:
        """Add a frame that the exception came to."""
        if len(self.frames) >= _FRAMES:
            self.frames.pop()
        self.frames.append(frame)

    def snapshot(self) -> TracebackSnapshot:
        """Give the traceback as it is now."""
        return TracebackSnapshot(
            self.type,
            self.message,
            tuple(reversed(self.frames)),
            self.left,
            self.handled if self.state == HANDLED else None,
            self.state == ESCAPED,
        )


class _Flight:
    """One exception."""

    __slots__ = ("at", "draft", "row", "state")

    def __init__(self, row: Row, draft: Draft | None, at: CodeRef | None) -> None:
        self.row = row
        self.draft = draft
        self.at = at
        """The frame's code that it is in; None once it has left."""
        self.state = IN_FLIGHT
        row.raised += 1
        row.counts[IN_FLIGHT] += 1

    def turn(self, state: int) -> None:
        """Change its state, and the counts."""
        self.row.counts[self.state] -= 1
        self.row.counts[state] += 1
        self.state = state
        if self.draft is not None:
            self.draft.state = state


class Sightings:
    """What was seen of all exceptions: rows, and the first tracebacks whole."""

    def __init__(self, max_tracebacks: int) -> None:
        self.rows: dict[tuple[str, CodeRef], Row] = {}
        self.drafts: list[Draft] = []
        self._max_tracebacks = max_tracebacks
        self._flights: dict[int, _Flight] = {}
        self._refs: dict[tuple[str, str, int, int], CodeRef] = {}

    def raised(
        self,
        code: CodeType,
        offset: int,
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        """Note that `error` was raised in, or came to, a frame of `code`."""
        flight = self._flights.get(id(error))
        if traceback is not None and traceback.tb_frame.f_code is code:
            # Where it came to a caller, 3.13+ gives the instruction before the call.
            offset = traceback.tb_lasti
        if flight is None or is_new(code, traceback):
            self._begin(code, offset, error)
            return
        ref = self.ref(code)
        flight.turn(IN_FLIGHT)
        if flight.draft is not None and flight.at != ref:
            flight.draft.reach(position(ref, code, offset))
        flight.at = ref

    def _begin(self, code: CodeType, offset: int, error: BaseException) -> None:
        ref = self.ref(code)
        name = type_name(type(error))
        row = self.rows.get((name, ref))
        if row is None:
            row = self.rows.setdefault((name, ref), Row(name, ref))
        draft = None
        if len(self.drafts) < self._max_tracebacks or row.example is None:
            draft = Draft(name, safe_message(error))
            draft.reach(position(ref, code, offset))
            if len(self.drafts) < self._max_tracebacks:
                self.drafts.append(draft)
            row.example = row.example or draft
        while len(self._flights) >= _KNOWN:
            self._flights.pop(next(iter(self._flights)), None)
        self._flights.pop(id(error), None)
        self._flights[id(error)] = _Flight(row, draft, ref)

    def reraised(self, address: int) -> None:
        """Note that the frame which had it raised it again."""
        flight = self._flights.get(address)
        if flight is not None and flight.state == HANDLED:
            flight.turn(IN_FLIGHT)

    def left(self, address: int, *, escaped: bool) -> None:
        """Note that it left a frame; `escaped` if that was the outermost."""
        flight = self._flights.get(address)
        if flight is not None:
            flight.at = None
            flight.turn(ESCAPED if escaped else IN_FLIGHT)
            if flight.draft is not None:
                flight.draft.left += 1

    def handled(self, address: int, code: CodeType, offset: int) -> None:
        """Note that a handler or a cleanup of the frame has it."""
        flight = self._flights.get(address)
        if flight is None:
            return
        if is_thread_end(code):
            flight.turn(ESCAPED)
            return
        flight.turn(HANDLED)
        if flight.draft is not None:
            flight.draft.handled = position(self.ref(code), code, offset)

    def ref(self, code: CodeType) -> CodeRef:
        """Name a code object."""
        name = code.co_qualname, code.co_filename, code.co_firstlineno, code.co_flags
        ref = self._refs.get(name)
        if ref is None:
            ref = self._refs[name] = CodeRef(*name)
        return ref


def is_new(code: CodeType, traceback: TracebackType | None) -> bool:
    """True if an exception was raised just now, in a frame of `code`.

    At the end of an iteration the frame of the loop is not in the traceback.
    """
    if traceback is None:
        return True
    return traceback.tb_next is None and traceback.tb_frame.f_code is code


def is_thread_end(code: CodeType) -> bool:
    """True for the function that takes what escapes from a thread's run()."""
    return code.co_name == "_bootstrap_inner" and code.co_filename.endswith(
        "threading.py"
    )


def position(ref: CodeRef, code: CodeType, offset: int) -> FrameSnapshot:
    """Say where in `code` the instruction at byte `offset` came from.

    What a handler begins with came from no line: the next that did is taken.
    """
    for where in islice(code.co_positions(), max(offset, 0) // 2, None):
        if where[0] is not None:
            line, end_line, column, end_column = where
            return FrameSnapshot(ref, line or 0, end_line, column, end_column)
    return FrameSnapshot(ref, 0)


def type_name(kind: type) -> str:
    """Name an exception's class: with its module, unless that is builtins."""
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"
