"""Frames that ran before the events were on make leaves without enters."""

from __future__ import annotations

from _events import LEAVE, SIX, off, switch
from _fact import Fact

EVENTS: list[str] = []


def _inner() -> None:
    switch(EVENTS.append, SIX)


def _outer() -> None:
    _inner()


def see() -> str:
    """Switch events on two frames deep."""
    _outer()
    off(SIX)
    leaves = [name for name in EVENTS if name in LEAVE]
    return f"{len(EVENTS) - len(leaves)} enters, {len(leaves)} leaves"


FACT = Fact("switched on two frames deep", {(3, 12): "0 enters, 2 leaves"}, see)

if __name__ == "__main__":
    FACT.check()
