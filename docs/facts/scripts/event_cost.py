"""What two events cost a call: nanoseconds, by callbacks in Python that do nothing."""

from __future__ import annotations

from time import process_time_ns

from _events import off, switch
from _fact import Fact

N = 50_000
BOTH = ("PY_START", "PY_RETURN")
LEAST, MOST = 5, 2_000


def _empty() -> None:
    pass


def _least() -> float:
    """CPU time of one call, the least of seven rounds."""
    best = float("inf")
    for _ in range(7):
        start = process_time_ns()
        for _ in range(N):
            _empty()
        best = min(best, (process_time_ns() - start) / N)
    return best


def cost() -> float:
    """Nanoseconds that PY_START and PY_RETURN add to a call."""
    plain = _least()
    switch(lambda _: None, BOTH)
    try:
        return _least() - plain
    finally:
        off(BOTH)


def see() -> str:
    """Time calls with and without; only a wild figure is a failure."""
    added = cost()
    return "measurable" if LEAST < added < MOST else f"{added:.0f} ns"


FACT = Fact("cost of PY_START + PY_RETURN", {(3, 12): "measurable"}, see)

if __name__ == "__main__":
    print(f"{cost():.0f} ns per call" if FACT.answer() != "-" else "no monitoring")
    FACT.check()
