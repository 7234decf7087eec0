"""DISABLE from PY_UNWIND: a ValueError in the program, until 3.15 allows it."""

from __future__ import annotations

import sys

from _events import off, switch
from _fact import Fact


def _program() -> None:
    raise KeyError


def see() -> str:
    """Return DISABLE for a frame that an exception leaves."""
    switch(lambda _: sys.monitoring.DISABLE, ("PY_UNWIND",))
    try:
        _program()
    except KeyError:
        return "allowed"
    except ValueError:
        return "ValueError in the program"
    finally:
        off(("PY_UNWIND",))
    return "no exception"


FACT = Fact(
    "DISABLE returned from PY_UNWIND",
    {(3, 12): "ValueError in the program", (3, 15): "allowed"},
    see,
)

if __name__ == "__main__":
    FACT.check()
