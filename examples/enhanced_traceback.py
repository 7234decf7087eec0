"""An error with the variables of its frames, as a note and as an error of its own.

Run it to see the third form: the traceback of what nobody caught.
"""

from frametools import tracebacks
from frametools.tracebacks import EnhancedError, enhanced_traceback


def parse_number(s: str) -> int:
    """Parse a number, and say what was at hand when that fails."""
    with enhanced_traceback():
        value = int(s)
    return value * 2


@enhanced_traceback(raise_from=EnhancedError)
def compute(x: int, password: str = "hunter2") -> float:
    """Fail, and let the error tell the variables itself."""
    assert password
    result = x / 0
    return round(result, 2)


def run() -> None:
    """Show both."""
    for function, argument in [(parse_number, "abc"), (compute, 42)]:
        try:
            function(argument)  # type: ignore[operator]
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
            print(*getattr(error, "__notes__", ()), sep="\n")


def total(rows: list[str], scale: int = 2) -> float:
    """Leave an error to `install`."""
    count = 0
    for field in rows:
        count += scale * int(field)
    average = count / len(rows)
    return round(average, 2)


if __name__ == "__main__":
    run()
    tracebacks.install()
    total(["1", "x"])
