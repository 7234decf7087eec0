"""List, set and dict comprehensions have no frame of their own from 3.12 on."""

from __future__ import annotations

import sys

from _fact import Fact


def _name() -> str:
    return sys._getframe(1).f_code.co_name


def see() -> str:
    """Ask for the frame's name inside a comprehension and a generator expression."""
    (inside,) = [_name() for _ in "1"]
    (generated,) = tuple(_name() for _ in "1")
    return f"{inside}, {generated}"


FACT = Fact(
    "frames of [...] and of (...)",
    {(3, 11): "<listcomp>, <genexpr>", (3, 12): "see, <genexpr>"},
    see,
)

if __name__ == "__main__":
    FACT.check()
