"""An exception that leaves a callback is raised in the program."""

from __future__ import annotations

from _events import off, switch
from _fact import Fact


def _program() -> None:
    pass


def _fail(name: str) -> None:
    raise LookupError(name)


def see() -> str:
    """Call a function whose PY_START callback raises."""
    switch(_fail, ("PY_START",))
    try:
        _program()
    except LookupError:
        return "the program"
    finally:
        off(("PY_START",))
    return "nobody"


FACT = Fact("who gets an exception of a callback", {(3, 12): "the program"}, see)

if __name__ == "__main__":
    FACT.check()
