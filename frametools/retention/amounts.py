"""Numbers of bytes as people write and read them: `1 MiB`, `95.4 MiB`."""

from __future__ import annotations

_UNITS = {
    "": 1,
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "k": 1 << 10,
    "m": 1 << 20,
    "g": 1 << 30,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
}


class AmountError(ValueError):
    """Text that is no number of bytes; the message is one line for the user."""


def parse_amount(amount: int | str) -> int:
    """Return a number of bytes given as a number or as `10 KiB`, `1MiB`, `2.5 GB`.

    K, M and G are powers of 1024, as are KiB, MiB, GiB; KB, MB, GB are of 1000.
    Raises AmountError.
    """
    if isinstance(amount, int) and not isinstance(amount, bool) and amount >= 0:
        return amount
    text = _text_of(amount)
    digits = text.rstrip("BbKkMmGgi ")
    unit = _UNITS.get(text[len(digits) :].strip().lower())
    try:
        number = float(digits.replace("_", ""))
    except ValueError:
        number = -1.0
    if unit is None or not 0 <= number < 1e18:
        raise AmountError(f"{text!r} is no size: one such as 512 KiB, 1MiB, 2.5 GB is")
    return int(number * unit)


def _text_of(amount: object) -> str:
    """Write what was given; for what is neither text nor number, its type."""
    if isinstance(amount, str):
        return amount.strip()
    is_plain = amount is None or type(amount) in (bool, int, float)
    return repr(amount) if is_plain else f"<{type(amount).__name__}>"


def format_amount(size: int) -> str:
    """Write a number of bytes with its unit: `95.4 MiB`, `1.0 KiB`, `312 bytes`."""
    for power, name in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if size >= 1 << power:
            return f"{size / (1 << power):,.1f} {name}"
    return "1 byte" if size == 1 else f"{size} bytes"
