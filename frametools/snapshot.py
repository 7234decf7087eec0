"""Frames and tracebacks as plain data: they keep nothing of the program alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.events import CodeKind, CodeRef

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")

VERSION = 1


class SnapshotError(ValueError):
    """A dict that is no snapshot; the message is one line for the user."""


class FrameSnapshot(NamedTuple):
    """Where a frame stood: code, line (1 is the first), columns (0 is the first)."""

    code: CodeRef
    line: int
    """0 if unknown."""
    end_line: int | None = None
    column: int | None = None
    """In bytes of the line as UTF-8, as `co_positions` has it."""
    end_column: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the frame as JSON can hold it."""
        return self._asdict() | {"version": VERSION, "code": list(self.code)}

    @classmethod
    def from_dict(cls, data: object) -> FrameSnapshot:
        """Take what `to_dict` gave; raises SnapshotError."""
        fields = _checked(data, cls._fields)
        return cls(
            _code(fields["code"]),
            _typed(fields["line"], int),
            *(
                None if fields[name] is None else _typed(fields[name], int)
                for name in ("end_line", "column", "end_column")
            ),
        )


class TracebackSnapshot(NamedTuple):
    """An exception's way from where it was raised to where it ended."""

    type: str
    """Qualified name of the exception's class, with its module."""
    message: str
    """What `str` gave, bounded; see `_safe_repr.safe_message`."""
    frames: tuple[FrameSnapshot, ...]
    """Outermost first: the last one raised it."""
    left: int
    """How many frames it left."""
    handled: FrameSnapshot | None
    """The frame that caught it."""
    escaped: bool
    """True if it left the outermost frame of its thread."""

    @property
    def raised_at(self) -> FrameSnapshot | None:
        """The frame that raised it."""
        return self.frames[-1] if self.frames else None

    def to_dict(self) -> dict[str, Any]:
        """Give the traceback as JSON can hold it."""
        return self._asdict() | {
            "version": VERSION,
            "frames": [frame.to_dict() for frame in self.frames],
            "handled": self.handled and self.handled.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: object) -> TracebackSnapshot:
        """Take what `to_dict` gave; raises SnapshotError."""
        fields = _checked(data, cls._fields)
        handled = fields["handled"]
        return cls(
            _typed(fields["type"], str),
            _typed(fields["message"], str),
            tuple(map(FrameSnapshot.from_dict, _typed(fields["frames"], list))),
            _typed(fields["left"], int),
            None if handled is None else FrameSnapshot.from_dict(handled),
            _typed(fields["escaped"], bool),
        )


class StepFrame(NamedTuple):
    """A frame of the reference VM between two instructions, values as text."""

    code: CodeRef
    owner: str
    """THREAD, GENERATOR, FRAME_OBJECT or INTERPRETER: who its memory belongs to."""
    offset: int
    """In bytes, of the instruction that it executed last; -1: none yet."""
    line: int
    """0 if unknown."""
    names: tuple[str, ...]
    """Of localsplus, by index."""
    localsplus: tuple[str | None, ...]
    """A repr for each name, as it was when the frame ran last; None is an empty slot:
    NULL. What is named like a secret is not shown."""
    stack: tuple[str | None, ...]
    """The value stack, bottom first. `<lasti 50>` is the offset of an instruction."""


class StepInstruction(NamedTuple):
    """An instruction, as `dis` shows it."""

    offset: int
    opname: str
    oparg: int
    argrepr: str
    line: int
    """0 if unknown."""


class StepChange(NamedTuple):
    """One thing that an instruction did."""

    kind: str
    """push, pop, set, call, resume, return, yield, unwind, or raise: what an
    instruction of a frame that waited has raised, when native code came back."""
    depth: int
    """Of the frame: 0 is the outermost."""
    name: str = ""
    """What was set, or the function called, resumed or left, or that raises."""
    value: str | None = None
    """What was pushed, popped, set, given or raised, as text; None: NULL."""


class Step(NamedTuple):
    """What one instruction did: plain data, which keeps nothing of a program alive."""

    number: int
    """Of the step: 0 is the first."""
    instruction: StepInstruction
    depth: int
    """Of the frame that executed it: 0 is the outermost."""
    before: StepFrame
    """That frame as it was before."""
    frames: tuple[StepFrame, ...]
    """All frames as they are afterwards, outermost first. While native code that the
    instruction called runs the next step, they are those that it begins with."""
    changes: tuple[StepChange, ...]
    raised: str | None
    """The exception that the instruction raised or passed on."""
    handled: tuple[str, ...]
    """Exceptions being handled afterwards, the current one last."""


def read_tracebacks(rows: object) -> list[TracebackSnapshot]:
    """Take the tracebacks of a data file's notes; raises SnapshotError."""
    found: Iterable[object] = rows if isinstance(rows, list) else ()
    return list(map(TracebackSnapshot.from_dict, found))


def _checked(data: object, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise SnapshotError("a snapshot is a dict")
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        what = f"was written by a newer frametools (version {version})"
        raise SnapshotError(f"the snapshot {what}")
    missing = [name for name in names if name not in data]
    if version != VERSION or missing:
        raise SnapshotError(f"the snapshot lacks {', '.join(missing) or 'a version'}")
    return data


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise SnapshotError(f"the snapshot has {value!r:.40} for {kind.__name__}")
    return value


def _code(data: object) -> CodeRef:
    fields = _typed(data, list)
    kinds = (str, str, int, int, int)
    if len(fields) != len(kinds) or not all(map(isinstance, fields, kinds)):
        raise SnapshotError("the snapshot names no code")
    qualname, filename, line, flags, kind = fields
    if not 0 <= kind < len(CodeKind):
        raise SnapshotError("the snapshot names no code")
    return CodeRef(qualname, filename, line, flags, CodeKind(kind))
