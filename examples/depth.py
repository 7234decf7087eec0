"""How deep a call is: 0 at module level, 1 in what that calls."""

from frametools import current_depth


def a() -> None:
    """Say how deep the call is."""
    print("a:", current_depth())


def b() -> None:
    """Be one call further out."""
    a()


def c() -> None:
    """Be two calls further out."""
    b()


print("module:", current_depth())
a()
c()
