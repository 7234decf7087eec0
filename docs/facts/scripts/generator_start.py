"""A generator function makes PY_START at the first next(), not when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _events import seen, text
from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator


def _items() -> Iterator[int]:
    yield 1


def see() -> str:
    """Call a generator function, then read one item."""
    made: list[Iterator[int]] = []
    call = text(seen(lambda: made.append(_items())))
    first = text(seen(made[0].__next__))
    return f"call: {call}; next(): {first}"


FACT = Fact(
    "calling a generator function",
    {(3, 12): "call: none; next(): PY_START PY_YIELD"},
    see,
)

if __name__ == "__main__":
    FACT.check()
