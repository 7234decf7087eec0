"""Errors that say who called, not only what is wrong."""

from frametools import caller_message


def validate_positive(value: int) -> int:
    """Return the value; ValueError, with who called, if it is not positive."""
    if value <= 0:
        raise ValueError(caller_message(f"expected a positive value, got {value!r}"))
    return value


def process_items(count: int) -> None:
    """Ask for the check."""
    validate_positive(count)


try:
    process_items(-5)
except ValueError as error:
    print(f"ValueError: {error}")
