"""A call that fails on its arguments never makes a frame: no event."""

from __future__ import annotations

from typing import Any

from _events import seen, text
from _fact import Fact


def _one(x: int) -> int:
    return x


def see() -> str:
    """Call a function of one argument with two."""
    wrong: Any = _one

    def call() -> str:
        try:
            wrong(1, 2)
        except TypeError as error:
            return str(error)
        return "no error"

    return text(seen(call))


FACT = Fact("a call with wrong arguments", {(3, 12): "none"}, see)

if __name__ == "__main__":
    FACT.check()
