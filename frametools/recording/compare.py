"""What makes two recordings equal, and where they part."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.events import Event
    from frametools.recording.recording import Recording


class Difference(NamedTuple):
    """The first place where two recordings part."""

    thread: str
    """Name of the thread."""
    position: int
    """Number of the event in its thread, from 0."""
    mine: Event | None
    """What the first recording has there; None if it ended before."""
    theirs: Event | None

    def __str__(self) -> str:
        """Say it in three lines."""
        head = f"event {self.position} of thread {self.thread!r}:"
        return f"{head}\n  {_told(self.mine)}\n  {_told(self.theirs)}"


def _told(event: Event | None) -> str:
    if event is None:
        return "no event"
    line = f" {event.argument}" if event.argument else ""
    target = f" {event.target.qualname}" if event.target else ""
    where = f"{event.code.qualname} at depth {event.depth}, frame {event.frame}"
    return f"{event.kind.name}{line}{target} in {where}"


def first_difference(one: Recording, other: Recording) -> Difference | None:
    """Compare thread by thread, by name; threads without events do not count."""
    mine, theirs = _threads(one), _threads(other)
    for key in dict.fromkeys([*mine, *theirs]):
        found = _in_thread(one, mine.get(key, -1), other, theirs.get(key, -1))
        if found:
            return Difference(key[0], *found)
    return None


def _threads(recording: Recording) -> dict[tuple[str, int], int]:
    from frametools.calltree.contexts import thread_keys

    keys = thread_keys(recording.tree)
    return {key: index for index, key in enumerate(keys)}


def _in_thread(
    one: Recording, mine: int, other: Recording, theirs: int
) -> tuple[int, Event | None, Event | None] | None:
    left, right = _identity(), _identity()
    pairs = zip_longest(one.thread(mine), other.thread(theirs))
    for position, (event, counterpart) in enumerate(pairs):
        if not event or not counterpart or left(event) != right(counterpart):
            return position, event, counterpart
    return None


def _identity() -> Callable[[Event], tuple[object, ...]]:
    """Make what tells an event apart from others at its place in a thread.

    A frame is known by the order in which frames first appear.
    """
    numbers: dict[int, int] = {0: 0}

    def identity(event: Event) -> tuple[object, ...]:
        kind, code, depth, frame, _, _, argument, target = event
        number = numbers.setdefault(frame, len(numbers))
        return kind, code, depth, number, argument, target

    return identity
