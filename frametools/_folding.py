"""Which lines of a long traceback or stack are kept: cycles folded, ends kept.

    a b c b c b c b c b c d      ->   a b c ~~repeated~~ b c d
    1 2 3 4 5 6 7 8 9 ... 1000   ->   1 2 3 ~~left out~~ 998 999 1000

Of a cycle the first and the last round are kept: how it began, and where it ended;
`cycles` is for who shows one round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from typing import TypeVar

    T = TypeVar("T")

_ROUNDS = 4
"""`fold` folds from so many rounds on."""
_TRIES = 32
"""Candidates for a period that are tried at one place: a key that occurs more often
than that within one period is passed over, and the next one tells the period."""


class Gap(NamedTuple):
    """Entries that are not kept."""

    frames: int
    why: str
    period: int = 0


def fold(keys: Sequence[Hashable]) -> list[int | Gap]:
    """Give the indices that are kept, with a Gap where rounds of a cycle were.

    O(n), and O(32 n) where keys come back without a cycle.
    """
    if len(set(keys)) == len(keys):
        return list(range(len(keys)))
    kept: list[int | Gap] = []
    for at, period, rounds in cycles(keys, _ROUNDS):
        kept += range(at, at + period)
        if rounds > 1:
            kept.append(Gap(period * (rounds - 2), "repeated", period))
            end = at + period * rounds
            kept += range(end - period, end)
    return kept


def cycles(keys: Sequence[Hashable], least: int) -> Iterator[tuple[int, int, int]]:
    """Yield where each cycle begins, its period and its rounds, `least` or more.

    A key that is in none is one of period 1, with one round. Costs what `fold` does.
    """
    following = _following(keys)
    at = 0
    while at < len(keys):
        period, rounds = _cycle(keys, following, at, least)
        yield at, period, rounds
        at += period * rounds


def repeated(rounds: int, period: int) -> str:
    """Say that so many rounds more were above."""
    which = "frame" if period == 1 else f"{period} frames"
    return f"the {which} above repeated {rounds:,} more time{'s' * (rounds > 1)}"


def _following(keys: Sequence[Hashable]) -> list[int]:
    """Give for each index the next one that has the same key; 0 if there is none."""
    last: dict[Hashable, int] = {}
    following = [0] * len(keys)
    for index in range(len(keys) - 1, -1, -1):
        following[index] = last.get(keys[index], 0)
        last[keys[index]] = index
    return following


def _cycle(
    keys: Sequence[Hashable], following: list[int], at: int, least: int
) -> tuple[int, int]:
    """Give the period and the rounds of the cycle that begins here; (1, 1) if none."""
    again = following[at]
    for _ in range(_TRIES):
        period = again - at
        if not again or at + period * least > len(keys):
            break
        end = again
        while end < len(keys) and keys[end] == keys[end - period]:
            end += 1
        if end - at >= period * least:
            return period, (end - at) // period
        again = following[again]
    return 1, 1


def trim(kept: list[T], head: int, tail: int) -> list[T | Gap]:
    """Keep the first `head` and the last `tail` that are no gaps; one Gap between."""
    places = [index for index, each in enumerate(kept) if type(each) is not Gap]
    if len(places) <= head + tail:
        return [*kept]
    begin, end = places[head], places[len(places) - tail]
    lost = sum(each.frames if isinstance(each, Gap) else 1 for each in kept[begin:end])
    return [*kept[:begin], Gap(lost, "left out"), *kept[end:]]
