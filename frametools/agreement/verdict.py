"""What is said of two runs: "same: N events", or where they part, in context."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.agreement.sides import Run
    from frametools.events import Event
    from frametools.recording import Difference, Recording

    Names = tuple[str, str]

SAME, DIFFERENT, NOT_COMPARABLE = 0, 1, 3
"""What is found: exit statuses. 2 is a wrong command line."""
STEADY = """\
The host did the same a second time. What depends on time, or on which thread comes
first, may differ all the same: the VM is slower.
"""
"""What is said below a difference if that is not the host's."""
_UNSTEADY = "not comparable: the host itself ran differently the second time:"
_ADVICE = (
    "What is compared has to do the same each time: without random numbers, clocks,\n"
    "races of threads, and what an earlier run has left behind."
)
_BEFORE, _AFTER = 6, 3
"""Events that are shown before the first difference, and after it on each side."""


def verdict(predicted: Run, observed: Run) -> tuple[int, str]:
    """Compare two runs: what is found, and what to print; O(events)."""
    said = [*_parts(predicted, observed, ("vm", "host"))]
    if said:
        return DIFFERENT, "".join(f"different: {part}\n" for part in said)
    if observed.recording is None:
        return NOT_COMPARABLE, "not comparable: no recording (os._exit, or a signal)\n"
    count = len(observed.recording)
    ends = f"exit status {observed.status}"
    return SAME, f"same: {count:,} events, output, {ends}\n"


def unsteady(first: Run, second: Run) -> str:
    """Say where two runs of the host part; empty if they are the same; O(events)."""
    for part in _parts(first, second, ("1st", "2nd")):
        return f"{_UNSTEADY} {part}\n{_ADVICE}\n"
    return ""


def _parts(one: Run, other: Run, names: Names) -> Iterator[str]:
    mine, theirs = one.recording, other.recording
    if mine is not None and theirs is not None:
        found = mine.first_difference(theirs)
        if found is not None:
            yield "\n".join(_difference(found, mine, theirs, names))
    elif mine is not theirs:
        yield f"the {names[0] if mine is None else names[1]} run left no recording"
    if one.status != other.status:
        yield f"exit status {one.status} ({names[0]}), {other.status} ({names[1]})"
    for what in ("output", "errors"):
        texts = getattr(one, what), getattr(other, what)
        if texts[0] != texts[1]:
            yield "\n".join(_text(what, *texts, names))


def _difference(
    found: Difference, mine: Recording, theirs: Recording, names: Names
) -> Iterator[str]:
    at = found.position
    yield f"event {at:,} of thread {found.thread!r}"
    one, other = (_around(each, found.thread, at) for each in (mine, theirs))
    if at > _BEFORE:
        yield f"    ... {at - _BEFORE:,} events that are the same"
    same = min(at, _BEFORE)
    yield from (f"    {_event(each)}" for each in one[:same])
    for side, events in zip(names, (one, other), strict=True):
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


def _text(what: str, one: bytes, other: bytes, names: Names) -> Iterator[str]:
    mine, theirs = one.splitlines(), other.splitlines()
    both = zip(mine, theirs, strict=False)
    same = next(
        (n for n, (a, b) in enumerate(both) if a != b), min(len(mine), len(theirs))
    )
    yield f"{what}, line {same + 1}"
    for side, lines in zip(names, (mine, theirs), strict=True):
        line = lines[same].decode(errors="replace") if same < len(lines) else "(ended)"
        yield f"{side:>4}> {line}"
