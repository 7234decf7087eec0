"""A line when a call begins, and one when it ends, indented by depth."""

import sys

from frametools import log_calls


@log_calls(sink=sys.stdout)
def factorial(n: int) -> int:
    """Give 1 * 2 * ... * n."""
    if n <= 1:
        return 1
    return n * factorial(n - 1)


if __name__ == "__main__":
    factorial(4)
