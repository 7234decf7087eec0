"""3.13 makes no event when a generator is closed at a bare yield (gh-140373)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _events import seen, text
from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Generator


def _bare() -> Generator[int, None, None]:
    yield 1


def see() -> str:
    """Close a generator that waits at a yield outside any try."""
    generator = _bare()
    next(generator)
    return text(seen(generator.close))


THROWN = "PY_THROW PY_UNWIND"
FACT = Fact(
    "generator.close() at a yield outside any try",
    {(3, 12): THROWN, (3, 13): "none", (3, 14): THROWN},
    see,
)

if __name__ == "__main__":
    FACT.check()
