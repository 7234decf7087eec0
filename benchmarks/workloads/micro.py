"""What one event costs: nanoseconds per empty call, item, C call and unwind.

Runs under a tool, as any program would; the added cost is the difference to
a run without one. Writes {name: ns} as JSON to the file BENCH_OUT names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from time import process_time_ns

ROUNDS = 5
N = 100_000


def _empty(x: object) -> None:
    pass


def calls(n: int) -> int:
    """One function called again and again: PY_START and PY_RETURN."""
    f = _empty
    for _ in range(n):
        f(1)
    return n


def _functions(count: int) -> list[Callable[[object], None]]:
    """Functions with a code object each."""
    names: dict[str, Callable[[object], None]] = {}
    exec("\n".join(f"def f{i}(x): pass" for i in range(count)), names)
    return [names[f"f{i}"] for i in range(count)]


FUNCTIONS = _functions(20)


def other_calls(n: int) -> int:
    """Twenty functions in turn: the callee is never the one called last."""
    functions = FUNCTIONS
    for _ in range(n // 20):
        for f in functions:
            f(1)
    return n // 20 * 20


def _items(n: int) -> Iterator[None]:
    for _ in range(n):
        yield


def items(n: int) -> int:
    """One generator read to its end: PY_RESUME and PY_YIELD per item."""
    for _ in _items(n):
        pass
    return n


def c_calls(n: int) -> int:
    """A C function."""
    f = abs
    for _ in range(n):
        f(1)
    return n


def _raise(error: Exception) -> None:
    raise error


def unwinds(n: int) -> int:
    """A call that an exception leaves."""
    f, error = _raise, ValueError()
    for _ in range(n // 4):
        try:
            f(error)
        except ValueError:
            error.__traceback__ = None
    return n // 4


def least(loop: Callable[[int], int]) -> float:
    """Nanoseconds of CPU time per iteration, the smallest of `ROUNDS`."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = process_time_ns()
        done = loop(N)
        best = min(best, (process_time_ns() - start) / done)
    return best


def main() -> None:
    """Measure each loop."""
    found = {
        loop.__name__: least(loop)
        for loop in (calls, other_calls, items, c_calls, unwinds)
    }
    import json

    with open(os.environ["BENCH_OUT"], "w") as out:
        json.dump(found, out)


if __name__ == "__main__":
    main()
