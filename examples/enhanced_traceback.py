"""An error with the variables of its frames: as a note, and as an error of its own."""

from frametools import EnhancedError, enhanced_traceback


def parse_number(s: str) -> int:
    """Parse a number, and say what was at hand when that fails."""
    with enhanced_traceback():
        value = int(s)
    return value * 2


@enhanced_traceback(raise_from=EnhancedError)
def compute(x: int, password: str) -> float:
    """Fail, and let the error tell the variables itself."""
    assert password
    result = x / 0
    return round(result, 2)


if __name__ == "__main__":
    try:
        parse_number("abc")
    except ValueError as error:
        print(f"ValueError: {error}", *error.__notes__, sep="\n")
    try:
        compute(42, "hunter2")
    except EnhancedError as error:
        print(f"EnhancedError: {error}")
