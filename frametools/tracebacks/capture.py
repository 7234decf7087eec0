"""An exception, and all that is chained to it, as plain data.

    exception -> places -> chosen -> FrameSnapshot      per exception
       |-- __cause__, or __context__ unless suppressed  -> TracebackSnapshot
       '-- members of a group                           -> TracebackSnapshot, ...

Nothing of the program is kept: no frame, exception or value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._folding import Gap
from frametools.snapshot import FrameSnapshot, GapSnapshot, TracebackSnapshot
from frametools.tracebacks.fields import (
    cause,
    checked,
    context,
    is_suppressed,
    traceback_of,
)
from frametools.tracebacks.fields import members as members_of
from frametools.tracebacks.frames import FrameReader
from frametools.tracebacks.later import is_handled
from frametools.tracebacks.messages import message, notes, syntax, type_name
from frametools.tracebacks.options import Options
from frametools.tracebacks.stack import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType
    from typing import Unpack

    from frametools.tracebacks.options import Choices
    from frametools.tracebacks.stack import Place

_LONGEST = 30
"""Exceptions of one chain that are looked at."""
_DEEPEST = 10
_WIDEST = 15
"""Groups in groups, and members of a group, as Python's own tracebacks have it."""


def related(exc: BaseException) -> Iterator[BaseException]:
    """Yield the exception, its members, and what it came from, each once."""
    seen: dict[int, BaseException] = {}
    work = [exc]
    while work and len(seen) < _LONGEST:
        each = work.pop(0)
        if id(each) in seen:
            continue
        seen[id(each)] = each
        yield each
        before = None if is_suppressed(each) else context(each)
        work += filter(None, (cause(each) or before,))
        if issubclass(type(each), BaseExceptionGroup):
            work += members_of(each)[:_WIDEST]


def capture(exc: BaseException, **options: Unpack[Choices]) -> TracebackSnapshot:
    """Return an exception with its traceback, locals and chain as plain data.

    The snapshot keeps nothing of the program alive, and goes through JSON by `to_dict`
    and `from_dict`. Options are those of `Options`; an unknown one is a TypeError, as
    is what is no exception. About 15 us per frame that is kept, and what the
    `__repr__`s of the program take, within `budget` seconds. Which fields there are
    follows `traceback` (CPython 3.13).
    """
    exc = checked(exc, "capture")
    return capture_given(exc, traceback_of(exc), **options)


def capture_given(
    exc: BaseException,
    traceback: TracebackType | None,
    /,
    **options: Unpack[Choices],
) -> TracebackSnapshot:
    """Do what `capture` does, with the traceback that a hook or logging was given."""
    return Capture(Options.checked(options)).whole(exc, traceback)


class Capture:
    """The state of one capture; it may be of several exceptions."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._reader = FrameReader(options)
        self._reader.is_sharing = True
        self._seen: dict[int, BaseException] = {}
        self._path: list[int] = []
        """Whose causes, contexts and members are being captured, from outside in."""

    def whole(
        self,
        exc: BaseException,
        traceback: TracebackType | None,
        caller: FrameType | None = None,
    ) -> TracebackSnapshot:
        """Capture the exception with this traceback, and what belongs to it.

        `caller` is who called the frames of its traceback, if they are to be there.
        """
        is_group = issubclass(type(exc), BaseExceptionGroup)
        self._reader.is_sharing = is_group or bool(cause(exc) or context(exc))
        return self._exception(exc, traceback, 0, 0, caller)

    def _exception(
        self,
        exc: BaseException,
        traceback: TracebackType | None,
        length: int,
        depth: int,
        caller: FrameType | None = None,
    ) -> TracebackSnapshot:
        self._seen[id(exc)] = exc
        self._path.append(id(exc))
        found = self.alone(exc, traceback, caller)._replace(
            **self._chained(exc, length, depth), **self._grouped(exc, depth)
        )
        self._path.pop()
        return found

    def alone(
        self,
        exc: BaseException,
        traceback: TracebackType | None,
        caller: FrameType | None = None,
        first: int | None = None,
    ) -> TracebackSnapshot:
        """Capture the exception without its chain and members; `caller` as in `whole`.

        `first`: so many entries of the traceback, the outermost.
        """
        entries = entries_of(traceback)[:first]
        # What another came from was left behind by that one: nothing ran in between.
        is_current = len(self._path) > 1 or is_handled(exc)
        found = places(entries, caller, self.options)
        frames, gaps = self._frames(found, is_current)
        plain = TracebackSnapshot(
            type_name(type(exc)),
            message(exc, traceback),
            frames,
            len(entries),
            None,
            escaped=False,
        )
        return plain._replace(
            gaps=gaps,
            notes=tuple(notes(exc)),
            syntax=tuple(syntax(exc)),
        )

    def _frames(
        self, found: list[Place | Gap], is_current: bool
    ) -> tuple[tuple[FrameSnapshot, ...], tuple[GapSnapshot, ...]]:
        frames: list[FrameSnapshot] = []
        gaps = []
        self._reader.begin(found, is_current)
        last = next((each for each in found[::-1] if not isinstance(each, Gap)), None)
        for each in found:
            if isinstance(each, Gap):
                gaps.append(GapSnapshot(len(frames), *each))
            else:
                frames.append(self._reader.read(each, last))
        return tuple(frames), tuple(gaps)

    def _chained(self, exc: BaseException, length: int, depth: int) -> dict[str, Any]:
        """Capture the cause, or else the context; those of Python are read in C."""
        name, other = "cause", cause(exc)
        if other is None and not is_suppressed(exc):
            name, other = "context", context(exc)
        if other is None:
            return {}
        if id(other) in self._seen:
            return {"ended": "loop" if id(other) in self._path else "shown"}
        if length >= _LONGEST:
            return {"ended": "too long"}
        inner = self._exception(other, traceback_of(other), length + 1, depth)
        return {name: inner}

    def _grouped(self, exc: BaseException, depth: int) -> dict[str, Any]:
        if not issubclass(type(exc), BaseExceptionGroup):
            return {}
        members: tuple[BaseException, ...] = members_of(exc)
        # One that is shown elsewhere too, often as the context, is shown here again.
        wanted = members[: _WIDEST if depth < _DEEPEST else 0]
        return {
            "is_group": True,
            "members": tuple(
                self._exception(each, traceback_of(each), 0, depth + 1)
                for each in wanted
            ),
            "more_members": len(members) - len(wanted),
        }


def entries_of(traceback: TracebackType | None) -> list[TracebackType]:
    """List the entries of a traceback: one for each frame that an exception left."""
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    return entries
