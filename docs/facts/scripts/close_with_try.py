"""A generator closed inside try ... finally makes PY_THROW and PY_UNWIND."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _events import seen, text
from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Generator


def _guarded() -> Generator[int, None, None]:
    try:
        yield 1
    finally:
        len("")


def see() -> str:
    """Close a generator that waits inside try ... finally."""
    generator = _guarded()
    next(generator)
    return text(seen(generator.close))


FACT = Fact(
    "generator.close() at a yield inside try ... finally",
    {(3, 12): "PY_THROW PY_UNWIND"},
    see,
)

if __name__ == "__main__":
    FACT.check()
