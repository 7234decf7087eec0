"""Long tracebacks: cycles of any period are folded, head and tail are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frametools import tracebacks
from frametools.tracebacks.folding import Gap, fold, trim
from tests.tracebacks.programs import failure, program, raised


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


def test_mutual_recursion_is_folded() -> None:
    """Two functions that call each other take a few lines; head and tail are there."""
    exc = failure("""
        def main():
            even(500)

        def even(n, thing=None):
            if n == 0:
                thing = Thing()
                raise KeyError("bottom")
            odd(n - 1)

        def odd(n):
            even(n - 1)
    """)
    assert tracebacks.format(exc).count("\n") < 40
    assert (
        "  ... the 2 frames above repeated 248 more times ...\n"
        in tracebacks.format(exc)
    )
    assert "      n = 500\n" in tracebacks.format(exc)
    assert "      n = 499\n" in tracebacks.format(exc)
    assert "      n = 1\n" in tracebacks.format(exc)
    assert "      n = 250\n" not in tracebacks.format(exc)


def chain(count: int) -> BaseException:
    """Give the error of a chain of different functions."""
    lines = [f"def f{n}(x):\n    y = x + 1\n    f{n + 1}(y)\n" for n in range(count)]
    end = f"def f{count}(x):\n    thing = Thing()\n    raise ValueError(x)\n"
    return raised(program("".join([*lines, end]))["f0"], 0)


def test_different_frames_are_kept_at_head_and_tail() -> None:
    """Ten at the head, twenty at the tail, unless told otherwise."""
    exc = chain(200)
    text = tracebacks.format(exc)
    assert text.count('  File "app.py"') == 30
    assert "in f9\n" in text
    assert "  ... 171 frames left out ...\n" in text
    assert "in f181\n" in text
    assert tracebacks.format(exc, head=1, tail=1).count("  File") == 2
    assert tracebacks.format(exc, head=None).count("  File") == 201
    assert tracebacks.format(exc, tail=None).count("      x = ") == 201


HIDING = """
    def main():
        thing = Thing()
        check(1)

    def check(x):
        __tracebackhide__ = True
        deeper(x)

    def deeper(x):
        __tracebackhide__ = True
        assert x == 2
"""


def test_frames_that_hide_are_folded() -> None:
    """Frames marked `__tracebackhide__` are counted, or shown if asked for."""
    exc = failure(HIDING)
    text = tracebacks.format(exc)
    assert text.count("  File") == 1
    assert "  ... 2 frames hidden ...\nAssertionError\n" in text
    assert tracebacks.format(exc, show_hidden=True).count("  File") == 3


def test_a_traceback_of_hidden_frames_only_is_shown() -> None:
    """If nothing would be left, nothing is hidden."""
    exc = failure("""
        def main():
            x = Thing()
            __tracebackhide__ = True
            1 / 0
    """)
    assert tracebacks.format(exc).count("  File") == 1


def test_one_frame_at_least_is_shown() -> None:
    """No bound takes the last one away."""
    text = tracebacks.format(chain(9), head=0, tail=0)
    assert text.count("  File") == 1
    assert "in f9\n" in text
