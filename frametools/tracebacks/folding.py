"""Which entries of a long traceback are kept: cycles folded, then head and tail.

    a b c b c b c b c b c d      ->   a b c ~~repeated~~ b c d
    1 2 3 4 5 6 7 8 9 ... 1000   ->   1 2 3 ~~left out~~ 998 999 1000

Of a cycle the first and the last round are kept: how it began, and where it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from typing import TypeVar

    T = TypeVar("T")

_ROUNDS = 4
"""A cycle is folded from so many rounds on."""
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
    following = _following(keys)
    kept: list[int | Gap] = []
    at = 0
    while at < len(keys):
        period, rounds = _cycle(keys, following, at)
        if rounds < _ROUNDS:
            kept.append(at)
            at += 1
            continue
        end = at + period * rounds
        kept += range(at, at + period)
        kept.append(Gap(period * (rounds - 2), "repeated", period))
        kept += range(end - period, end)
        at = end
    return kept


def _following(keys: Sequence[Hashable]) -> list[int]:
    """Give for each index the next one that has the same key; 0 if there is none."""
    last: dict[Hashable, int] = {}
    following = [0] * len(keys)
    for index in range(len(keys) - 1, -1, -1):
        following[index] = last.get(keys[index], 0)
        last[keys[index]] = index
    return following


def _cycle(keys: Sequence[Hashable], following: list[int], at: int) -> tuple[int, int]:
    """Give the period and the rounds of the cycle that begins here; (0, 0) if none."""
    again = following[at]
    for _ in range(_TRIES):
        period = again - at
        if not again or at + period * _ROUNDS > len(keys):
            break
        end = again
        while end < len(keys) and keys[end] == keys[end - period]:
            end += 1
        if end - at >= period * _ROUNDS:
            return period, (end - at) // period
        again = following[again]
    return 0, 0


def trim(kept: list[T], head: int, tail: int) -> list[T | Gap]:
    """Keep the first `head` and the last `tail` that are no gaps; one Gap between."""
    places = [index for index, each in enumerate(kept) if type(each) is not Gap]
    if len(places) <= head + tail:
        return [*kept]
    begin, end = places[head], places[len(places) - tail]
    lost = sum(each.frames if isinstance(each, Gap) else 1 for each in kept[begin:end])
    return [*kept[:begin], Gap(lost, "left out"), *kept[end:]]
