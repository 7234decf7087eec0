"""Stacks and values cut to a width, so that what changed stays visible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frametools.vm._builtins import len, list, max, min, range, sum, tuple, zip

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST = 4
"""Characters that an element keeps as long as there is any other to leave out."""

_LITTLE = 6
"""What an element that is the same keeps beside those that are not."""

_NOISE = (
    (re.compile(r" object>"), ">"),
    (re.compile(r"<class '([^']+)'>"), r"<\1>"),
    (re.compile(r"<(?:built-in |bound )?(?:function|method) "), "<"),
)


def stacks(
    before: Sequence[str | None],
    after: Sequence[str | None],
    widths: tuple[int, int],
) -> tuple[str, str]:
    """Show a stack before and after an instruction, bottom first.

    What is the same in both is left out first, from the bottom on, and counted: `2…`.
    Then elements are cut, each where it begins to differ from what it was.
    """
    old, new = _texts(before), _texts(after)
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    return _fit(old, new, same, widths[0]), _fit(new, old, same, widths[1])


def _texts(stack: Sequence[str | None]) -> list[str]:
    return ["NULL" if value is None else value for value in stack]


def _fit(stack: list[str], other: list[str], same: int, width: int) -> str:
    text = _joined(stack)
    if len(text) <= width:
        return text
    shown = [_compact(each) for each in stack]
    others = [_compact(each) for each in other]
    first, last = 0, max(len(shown) - 1, 0)
    while len(_joined(shown, first)) > width and first < min(same, last):
        first += 1
    while first < last and _room(shown, first, width) < _LEAST * (len(shown) - first):
        first += 1
    if len(text := _joined(shown, first)) <= width:
        return text
    room = _room(shown, first, width)
    is_new = [shown[at : at + 1] != others[at : at + 1] for at in range(len(shown))]
    aside = [len(shown[at]) for at in range(first, len(shown)) if not is_new[at]]
    little = _LITTLE if len(aside) < len(shown) - first else room
    room -= sum(min(length, little) for length in aside)
    news = [len(shown[at]) for at in range(first, len(shown)) if is_new[at]]
    most = _share(news, room)
    for at in range(first, len(shown)):
        if is_new[at]:
            was = others[at] if at < len(others) else ""
            shown[at] = cut(shown[at], most, was)
        else:
            shown[at] = cut(shown[at], little)
    return cut(_joined(shown, first), width)


def _joined(shown: list[str], first: int = 0) -> str:
    left_out = f"{first}…, " if first else ""
    return f"[{left_out}{', '.join(shown[first:])}]"


def _room(shown: list[str], first: int, width: int) -> int:
    """Count the characters that there are for the elements themselves."""
    return width - len(_joined([""] * len(shown), first))


def _share(lengths: list[int], room: int) -> int:
    """Return how long an element may be if together they have this room."""
    most = max(lengths, default=room)
    while most > _LEAST and sum(min(each, most) for each in lengths) > room:
        most -= 1
    return most


def _compact(text: str) -> str:
    for pattern, short in _NOISE:
        text = pattern.sub(short, text)
    return text


def cut(text: str, width: int, was: str = "") -> str:
    """Cut a text; if it begins as `was` did, what is different now is not cut off."""
    if len(text) <= width:
        return text
    differs = 0
    for one, other in zip(text, was):
        if one != other:
            break
        differs += 1
    if not was or differs < width - 2 or differs == len(text):
        end = text[-1] if text[-1] in ">)]}" and width > 8 else ""
        return text[: max(width - 1 - len(end), 0)] + "…" + end
    begin = text[: max(min(width // 4, 3), 1)]
    left = width - len(begin) - 1
    rest = text[max(min(differs, len(text) - left), 0) :].removeprefix(", ")
    return f"{begin}…{rest if len(rest) <= left else rest[: left - 1] + '…'}"
