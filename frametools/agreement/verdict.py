"""What is said of two runs: "same: N events", or where they part, in context."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.agreement.sides import Run
    from frametools.events import Event
    from frametools.recording import Difference, Recording

_BEFORE, _AFTER = 6, 3
"""Events that are shown before the first difference, and after it on each side."""


def verdict(predicted: Run, observed: Run) -> tuple[bool, str]:
    """Compare two runs: (are they the same, what to print); O(events)."""
    said = [*_parts(predicted, observed)]
    if said:
        return False, "\n".join(said) + "\n"
    count = len(observed.recording or ())
    ends = f"exit status {observed.status}"
    return True, f"same: {count:,} events, output, {ends}\n"


def _parts(predicted: Run, observed: Run) -> Iterator[str]:
    mine, theirs = predicted.recording, observed.recording
    if mine is None or theirs is None:
        if mine is not theirs:
            side = "VM" if mine is None else "host"
            yield f"different: the {side} left no recording"
        else:
            yield "not compared: its end left no recording (os._exit, or a signal)"
    else:
        found = mine.first_difference(theirs)
        if found is not None:
            yield from _difference(found, mine, theirs)
    if predicted.status != observed.status:
        yield f"different: exit status {predicted.status} in the VM, {observed.status}"
    for name in ("output", "errors"):
        one, other = getattr(predicted, name), getattr(observed, name)
        if one != other:
            yield from _text(name, one, other)


def _difference(found: Difference, mine: Recording, theirs: Recording) -> Iterator[str]:
    at = found.position
    yield f"different: event {at:,} of thread {found.thread!r}"
    one, other = (_around(each, found.thread, at) for each in (mine, theirs))
    if at > _BEFORE:
        yield f"    ... {at - _BEFORE:,} events that are the same"
    same = min(at, _BEFORE)
    yield from (f"    {_event(each)}" for each in one[:same])
    for side, events in (("vm", one), ("host", other)):
        rest: list[Event | None] = [*events[same:]] or [None]
        for number, event in enumerate(rest):
            mark = f"{side:>4}" if number == 0 else "    "
            yield f"{mark}{'>' if number == 0 else ' '} {_event(event)}"


def _around(recording: Recording, thread: str, at: int) -> list[Event]:
    for index, info in enumerate(recording.threads):
        if info.name == thread:
            first = max(at - _BEFORE, 0)
            return list(islice(recording.thread(index), first, at + 1 + _AFTER))
    return []


def _event(event: Event | None) -> str:
    if event is None:
        return "(no more events)"
    number = f" {event.argument}" if event.argument else ""
    target = f" {event.target.qualname}" if event.target else ""
    indent = "  " * min(event.depth - 1, 20)
    place = f"{event.code.filename.rpartition('/')[2]}:{event.code.firstlineno}"
    what = f"{indent}{event.kind.name}{number}{target}"
    return f"{what:<44} in {event.code.qualname} ({place}), frame {event.frame}"


def _text(name: str, one: bytes, other: bytes) -> Iterator[str]:
    mine, theirs = one.splitlines(), other.splitlines()
    both = zip(mine, theirs, strict=False)
    same = next(
        (n for n, (a, b) in enumerate(both) if a != b), min(len(mine), len(theirs))
    )
    yield f"different: {name}, line {same + 1}"
    for side, lines in (("vm", mine), ("host", theirs)):
        line = lines[same].decode(errors="replace") if same < len(lines) else "(ended)"
        yield f"{side:>4}> {line}"
