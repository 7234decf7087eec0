"""Which lines are kept: cycles of any period are folded, head and tail stay."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from frametools._folding import Gap, cycles, fold, trim


def unfolded(kept: list[int | Gap], keys: list[int]) -> list[int]:
    """Write the repeated keys again."""
    found: list[int] = []
    for each in kept:
        if isinstance(each, Gap):
            found += found[-each.period :] * (each.frames // each.period)
        else:
            found.append(keys[each])
    return found


@given(st.lists(st.integers(0, 3), max_size=60))
def test_folding_loses_nothing(keys: list[int]) -> None:
    """What was folded can be written out again."""
    assert unfolded(fold(keys), keys) == keys


@given(st.integers(1, 30), st.integers(4, 9), st.lists(st.integers(), max_size=5))
def test_cycles_of_any_period_are_folded(
    period: int, rounds: int, before: list[int]
) -> None:
    """The first and the last round stay, whatever comes before."""
    head = [f"before {number}" for number in before]
    kept = fold([*head, *list(range(period)) * rounds])
    gaps = [each for each in kept if isinstance(each, Gap)]
    assert Gap(period * (rounds - 2), "repeated", period) in gaps
    assert len(kept) - len(gaps) <= len(head) + 2 * period


def test_a_period_in_which_a_key_comes_back_is_found() -> None:
    """The cycle a a b a a b ... has period 3."""
    assert fold("aab" * 5) == [0, 1, 2, Gap(9, "repeated", 3), 12, 13, 14]


def test_few_rounds_are_shown_in_full() -> None:
    """Three rounds are not folded."""
    assert fold("ababab") == list(range(6))


@given(st.integers(0, 50), st.integers(0, 9), st.integers(1, 9))
def test_head_and_tail_are_kept(count: int, head: int, tail: int) -> None:
    """The rest is one gap, which says how many it stands for."""
    kept = trim(list(range(count)), head, tail)
    if count <= head + tail:
        assert kept == list(range(count))
    else:
        middle = Gap(count - head - tail, "left out")
        assert kept == [*range(head), middle, *range(count - tail, count)]


@given(st.lists(st.integers(0, 2), max_size=40), st.integers(2, 5))
def test_cycles_are_all_of_it(keys: list[int], least: int) -> None:
    """Round after round they give the keys; fewer rounds than asked for are none."""
    found = list(cycles(keys, least))
    again = (keys[at : at + period] * rounds for at, period, rounds in found)
    assert [*chain.from_iterable(again)] == keys
    assert {rounds for _, _, rounds in found if rounds < least} <= {1}
