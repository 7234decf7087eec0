"""What is found, as plain data: a `Leak` keeps nothing of the program alive."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from weakref import ref


VERSION = 1


class LeakError(ValueError):
    """A dict that is no leak; the message is one line for the user."""


class Kind(Enum):
    """In which way frames are kept."""

    RETAINED = "retained"
    """They have ended, and something that lives on refers to them."""
    SUSPENDED = "suspended"
    """Of a generator, coroutine or async generator that waits at a yield or await."""
    CYCLE = "cycle"
    """They refer to themselves only: the next collection frees them."""
    CLEARED = "cleared"
    """They have ended and lost their variables: the frame objects are all there is."""
    GROWING = "growing"
    """As RETAINED, by one exception that was raised again and again: its traceback
    has the frames of each time."""


class Through(Enum):
    """How the head of a leak comes to one of its frames."""

    TRACEBACK = "traceback"
    """An entry of an exception's traceback refers to it: `tb_frame`."""
    CALLER = "f_back"
    """It called, directly or not, a frame that is kept."""
    FRAME = "frame"
    """Somebody refers to the frame object itself."""
    GENERATOR = "generator"
    """It is a suspended generator's."""


class KeptLocal(NamedTuple):
    """A variable of a kept frame."""

    name: str
    type: str
    size: int
    """Bytes that only this group's frames keep, through this variable first."""


class KeptFrame(NamedTuple):
    """A frame that is kept."""

    function: str
    """`co_qualname` of its code."""
    file: str
    line: int
    """Where it stood when it ended or waited; 0 if unknown."""
    through: Through
    size: int
    """Exclusive bytes: of its variables and of itself."""
    locals: tuple[KeptLocal, ...]
    """The largest first; those that keep nothing exclusively are left out."""


class Holder(NamedTuple):
    """What keeps the head of a leak alive."""

    path: str
    """From what lives long to the reference itself: `app.cache['x'].error`."""
    kind: str
    """What that reference is: `module global`, `instance attribute of app.Job`, ..."""
    is_certain: bool = True
    """False for what is only likely: a callback that C holds, say."""
    deletable: str = ""
    """The path as far as it can be deleted, if that is not all: up to a tuple."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Frames that one thing keeps alive, with as many equal others as were found.

    `str(leak)` is its part of the report. It holds no object of the program: only
    names, numbers, and marks in the frames, by which `release` finds them again.
    """

    kind: Kind
    head: str
    """Type of what is held: `RuntimeError`, `frame`, `generator`, ..."""
    chain: tuple[str, ...]
    """From the head to the largest variable: `__traceback__`, `tb_frame`, `data`."""
    frames: tuple[KeptFrame, ...]
    """The largest first; of one of the equal groups."""
    size: int
    """Exclusive bytes: freed if all frames of all equal groups let go."""
    is_partial: bool = False
    """The budget of objects ran out: `size` is a lower bound."""
    count: int = 1
    """How many equal groups there are."""
    holders: tuple[Holder, ...] = ()
    """The most understandable first. All must let go before memory is freed."""
    hidden: int = 0
    """References to the head that no holder above explains."""
    marks: tuple[ref[Any], ...] = field(default=(), compare=False, repr=False)
    """Weak references to marks in the frames, and to suspended generators, or marks in
    their frames."""

    @property
    def frame(self) -> KeptFrame:
        """The frame that keeps the most."""
        return self.frames[0]

    @property
    def each(self) -> int:
        """Bytes of one of the equal groups, on average."""
        return self.size // self.count

    def __str__(self) -> str:
        from frametools.retention.report.text import describe

        return describe(self)

    def to_dict(self) -> dict[str, Any]:
        """Give the leak as JSON can hold it."""
        frames = [
            frame._asdict()
            | {
                "through": frame.through.value,
                "locals": [local._asdict() for local in frame.locals],
            }
            for frame in self.frames
        ]
        return {
            "version": VERSION,
            "kind": self.kind.value,
            "head": self.head,
            "chain": list(self.chain),
            "frames": frames,
            "size": self.size,
            "is_partial": self.is_partial,
            "count": self.count,
            "holders": [holder._asdict() for holder in self.holders],
            "hidden": self.hidden,
        }

    @classmethod
    def from_dict(cls, data: object) -> Leak:
        """Take what `to_dict` gave; raises LeakError."""
        if not isinstance(data, dict):
            raise LeakError("a leak is a dict")
        version = data.get("version")
        if version != VERSION:
            newer = isinstance(version, int) and version > VERSION
            why = (
                f"has version {version}, of a newer frametools" if newer else "is none"
            )
            raise LeakError(f"the leak {why}")
        try:
            return cls(
                kind=Kind(data["kind"]),
                head=str(data["head"]),
                chain=tuple(map(str, data["chain"])),
                frames=tuple(map(_frame, data["frames"])),
                size=int(data["size"]),
                is_partial=bool(data["is_partial"]),
                count=int(data["count"]),
                holders=tuple(Holder(**holder) for holder in data["holders"]),
                hidden=int(data["hidden"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LeakError(f"the leak lacks something: {error}") from None


def _frame(data: dict[str, Any]) -> KeptFrame:
    found = KeptFrame(**data)
    return found._replace(
        through=Through(found.through),
        locals=tuple(KeptLocal(**local) for local in data["locals"]),
    )


def pattern(path: str) -> str:
    """Return a path without its subscripts: those of equal groups differ."""
    return "".join(part.partition("]")[2] for part in f"]{path}".split("["))
