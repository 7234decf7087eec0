"""The little of protobuf's wire format that a writer needs.

A message is a row of fields: a key (number << 3 | wire type), then a varint (wire type
0) or a length with so many bytes (2). A varint has 7 bits in each byte, the lowest
first, and the high bit set in all but the last.
"""

from __future__ import annotations

from functools import cache

PAIRS = 1 << 14


def varint(value: int) -> bytes:
    """Write an int64; negative ones take ten bytes."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def number(field: int, value: int) -> bytes:
    """Write a field that is an integer; nothing for 0, the default."""
    return varint(field << 3) + varint(value) if value else b""


def block(field: int, content: bytes) -> bytes:
    """Write a field that is a message, a string, or packed integers."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def text(data: bytes) -> str:
    """Write bytes as text, a character for each; latin-1 makes bytes of it again."""
    return data.decode("latin-1")


@cache
def pairs() -> tuple[list[str], list[str]]:
    """Give the varints below `PAIRS`, and the same as the low part of a larger one.

    A million numbers are written faster with two look-ups each than byte by byte:
    `more[n % PAIRS] + last[n // PAIRS]`, up to `PAIRS ** 2`. They are `text`. Made
    once; 2 MiB.
    """
    one = [chr(n) for n in range(256)]
    high, low = one[128:], one[:128]
    more = [first + second for second in high for first in high]
    last = low + [first + second for second in low[1:] for first in high]
    return last, more
