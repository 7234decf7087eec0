"""The six events balance: each frame that is entered is left by one of three."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from _events import counted, seen
from _fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator


def _items() -> Iterator[int]:
    yield from (1, 2, 3)


def _fails(depth: int) -> None:
    if not depth:
        raise ValueError
    _fails(depth - 1)


def _program() -> None:
    list(_items())
    with contextlib.suppress(ValueError):
        _fails(3)
    asyncio.run(asyncio.sleep(0))


def see() -> str:
    """Count enters and leaves of calls, a generator, unwinds and a coroutine."""
    enters, leaves = counted(seen(_program)).split(" = ")
    assert int(enters) > 10
    return "equal" if enters == leaves else f"{enters} enters, {leaves} leaves"


FACT = Fact(
    "START + RESUME + THROW and RETURN + YIELD + UNWIND", {(3, 12): "equal"}, see
)

if __name__ == "__main__":
    FACT.check()
