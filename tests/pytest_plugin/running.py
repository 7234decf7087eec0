"""A small suite, and what a run of pytest on it has shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

HEAD = """
import pytest

saved = []

def load_big(mebibytes=3):
    data = bytearray(mebibytes << 20)
    raise RuntimeError("no")

def leak(where=saved, mebibytes=3):
    try:
        load_big(mebibytes)
    except RuntimeError as error:
        where.append(error)
"""


class Ran(NamedTuple):
    """What a run of pytest has shown."""

    exit: int
    counts: dict[str, int]
    """As in the last line: passed, failed, kept."""
    text: str
    errors: str

    def lines(self, word: str) -> list[str]:
        """Return the lines that have a word."""
        return [line for line in self.text.splitlines() if word in line]


Run = Callable[..., Ran]
