"""throw() into a generator that never ran: PY_THROW and PY_UNWIND, no PY_START."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from _events import seen, text
from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Generator


def _items() -> Generator[int, None, None]:
    yield 1


def see() -> str:
    """Throw into a fresh generator."""
    generator = _items()

    def throw() -> None:
        with contextlib.suppress(ValueError):
            generator.throw(ValueError())

    return text([name for name in seen(throw) if name in ("PY_THROW", "PY_UNWIND")])


FACT = Fact("throw() into an unstarted generator", {(3, 12): "PY_THROW PY_UNWIND"}, see)

if __name__ == "__main__":
    FACT.check()
