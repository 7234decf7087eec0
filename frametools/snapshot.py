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


class LocalSnapshot(NamedTuple):
    """A variable of a frame, its value as text."""

    name: str
    value: str | None
    """Bounded and redacted; None: it had none."""
    why: str = ""
    """It has none: "not yet assigned", "deleted", or "no value" if either may be."""


class GapSnapshot(NamedTuple):
    """Frames of a traceback that are not in a snapshot."""

    before: int
    """Index of the frame that they stand before."""
    frames: int
    """How many."""
    why: str
    """ "repeated", "left out", or "hidden"."""
    period: int = 0
    """If repeated: so many frames, those before the gap, over and over."""


class FrameSnapshot(NamedTuple):
    """Where a frame stood: code, line (1 is the first), columns (0 is the first)."""

    code: CodeRef
    line: int
    """0 if unknown."""
    end_line: int | None = None
    column: int | None = None
    """In bytes of the line as UTF-8, as `co_positions` has it."""
    end_column: int | None = None
    locals: tuple[LocalSnapshot, ...] = ()
    """In the order of the code; empty as well if they were not read."""
    more_locals: int = 0
    """So many more were not read."""
    later_line: int | None = None
    """The locals are those of a later moment, when the frame stood at this line."""
    source: tuple[str, ...] = ()
    """From `line` on, as far as it was to be had."""
    has_changed: bool = False
    """The source is no longer what runs: the file has changed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the frame as JSON can hold it; optional fields only if they say more."""
        rest = dict(zip(self._fields[5:], self[5:], strict=True))
        usual = self._field_defaults
        more: dict[str, Any] = {
            name: each for name, each in rest.items() if each != usual[name]
        }
        if self.locals:
            more["locals"] = [each._asdict() for each in self.locals]
        if self.source:
            more["source"] = list(self.source)
        first = dict(zip(self._fields[:5], self[:5], strict=True))
        return first | {"version": VERSION, "code": list(self.code)} | more

    @classmethod
    def from_dict(cls, data: object) -> FrameSnapshot:
        """Take what `to_dict` gave; raises SnapshotError."""
        fields = _checked(data, cls._fields[:5])
        return cls(
            _code(fields["code"]),
            _typed(fields["line"], int),
            _maybe(fields["end_line"], int),
            _maybe(fields["column"], int),
            _maybe(fields["end_column"], int),
            locals=_records(fields.get("locals", []), LocalSnapshot),
            more_locals=_typed(fields.get("more_locals", 0), int),
            later_line=_maybe(fields.get("later_line"), int),
            source=_texts(fields.get("source", [])),
            has_changed=_typed(fields.get("has_changed", False), bool),
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
    gaps: tuple[GapSnapshot, ...] = ()
    """Where frames are left out, outermost first."""
    notes: tuple[str, ...] = ()
    cause: TracebackSnapshot | None = None
    """What it was raised from."""
    context: TracebackSnapshot | None = None
    """What was being handled when it was raised; not if that is suppressed."""
    members: tuple[TracebackSnapshot, ...] = ()
    """Of an exception group."""
    more_members: int = 0
    """So many more were not looked at."""
    is_group: bool = False
    syntax: tuple[str, ...] = ()
    """Of a SyntaxError: file, line, text and carets as Python shows them."""
    ended: str = ""
    """Why its chain ends here although it goes on: "loop", "shown" or "too long"."""

    @property
    def raised_at(self) -> FrameSnapshot | None:
        """The frame that raised it."""
        return self.frames[-1] if self.frames else None

    def to_dict(self) -> dict[str, Any]:
        """Give the traceback as JSON can hold it, as `FrameSnapshot.to_dict` does."""
        names = ("cause", "context")
        chained = {name: getattr(self, name) for name in names}
        optional: dict[str, Any] = {
            "gaps": [gap._asdict() for gap in self.gaps],
            "notes": list(self.notes),
            **{name: each and each.to_dict() for name, each in chained.items()},
            "members": [member.to_dict() for member in self.members],
            "more_members": self.more_members,
            "is_group": self.is_group,
            "syntax": list(self.syntax),
            "ended": self.ended,
        }
        return {
            "version": VERSION,
            "type": self.type,
            "message": self.message,
            "frames": [frame.to_dict() for frame in self.frames],
            "left": self.left,
            "handled": self.handled and self.handled.to_dict(),
            "escaped": self.escaped,
            **{name: value for name, value in optional.items() if value},
        }

    @classmethod
    def from_dict(cls, data: object) -> TracebackSnapshot:
        """Take what `to_dict` gave; raises SnapshotError."""
        fields = _checked(data, cls._fields[:6])
        handled, cause, context = map(fields.get, ("handled", "cause", "context"))
        return cls(
            _typed(fields["type"], str),
            _typed(fields["message"], str),
            tuple(map(FrameSnapshot.from_dict, _typed(fields["frames"], list))),
            _typed(fields["left"], int),
            None if handled is None else FrameSnapshot.from_dict(handled),
            _typed(fields["escaped"], bool),
            gaps=_records(fields.get("gaps", []), GapSnapshot),
            notes=_texts(fields.get("notes", [])),
            cause=None if cause is None else cls.from_dict(cause),
            context=None if context is None else cls.from_dict(context),
            members=tuple(map(cls.from_dict, _typed(fields.get("members", []), list))),
            more_members=_typed(fields.get("more_members", 0), int),
            is_group=_typed(fields.get("is_group", False), bool),
            syntax=_texts(fields.get("syntax", [])),
            ended=_typed(fields.get("ended", ""), str),
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


def _maybe(value: object, kind: type[T]) -> T | None:
    return None if value is None else _typed(value, kind)


def _texts(data: object) -> tuple[str, ...]:
    return tuple(_typed(each, str) for each in _typed(data, list))


_KINDS: dict[type, dict[str, tuple[type, ...]]] = {
    LocalSnapshot: {"name": (str,), "value": (str, type(None)), "why": (str,)},
    GapSnapshot: {"before": (int,), "frames": (int,), "why": (str,), "period": (int,)},
}


def _records(data: object, cls: type[T]) -> tuple[T, ...]:
    return tuple(_record(each, cls) for each in _typed(data, list))


def _record(data: object, cls: type[T]) -> T:
    fields, kinds = _typed(data, dict), _KINDS[cls]
    if not all(isinstance(fields.get(name, ...), kinds[name]) for name in kinds):
        raise SnapshotError(f"the snapshot has no {cls.__name__}: {data!r:.40}")
    return cls(**{name: fields[name] for name in kinds})


def _code(data: object) -> CodeRef:
    fields = _typed(data, list)
    kinds = (str, str, int, int, int)
    if len(fields) != len(kinds) or not all(map(isinstance, fields, kinds)):
        raise SnapshotError("the snapshot names no code")
    qualname, filename, line, flags, kind = fields
    if not 0 <= kind < len(CodeKind):
        raise SnapshotError("the snapshot names no code")
    return CodeRef(qualname, filename, line, flags, CodeKind(kind))
