"""Frames that outlive their calls: a saved exception, a saved frame, a generator.

Everything here is let go of in the usual way but three names of this module, and each
keeps a frame, which keeps what is in it.
"""

import inspect
from collections.abc import Iterator
from types import FrameType

saved: dict[str, Exception] = {}
frames: list[FrameType | None] = []


def load_big() -> None:
    """Fail with a lot in hand."""
    data = bytearray(100_000_000)
    raise RuntimeError(f"failed with {len(data)} bytes")


def request() -> None:
    """Call, handle, and keep the error for later."""
    try:
        load_big()
    except RuntimeError as exc:
        saved["request"] = exc


def look() -> None:
    """Keep the frame of a function, and so what it has."""
    x = list(range(100_000))
    frames.append(inspect.currentframe())
    assert x


def lines(text: str) -> Iterator[str]:
    """Yield lines, one at a time."""
    every = text.splitlines()
    yield from every


request()
look()
waiting = lines("one line\n" * 10_000)
print(next(waiting))
