"""Loops with `track_unwinding` and without, in turn: `kept_unwinding.py ROUNDS`.

Nothing is raised in three of them. Writes {loop: with / without, "frame": ns added to
each unwound frame} as JSON to the file BENCH_OUT names; each time is the least of all
rounds, in CPU time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from frametools.retention.unwinding import track_unwinding

RAISED = 2000
DEPTH = 5


def loop() -> int:
    """Arithmetic and a jump."""
    total = 0
    for n in range(60_000):
        total += n % 7
    return total


def same(value: int) -> int:
    """The smallest body."""
    return value


def calls() -> None:
    """Calls of a function of Python."""
    for n in range(40_000):
        same(n)


def items(count: int) -> Iterator[int]:
    """Yield numbers."""
    for n in range(count):  # noqa: UP028 - each item is to pass through Python
        yield n


def generators() -> int:
    """Items of generators, some of few items."""
    return sum(sum(items(20)) for _ in range(2000))


def failing(depth: int) -> None:
    """Raise, so deep."""
    if depth > 1:
        failing(depth - 1)
    else:
        raise ValueError(depth)


def raises() -> None:
    """Errors raised, each through some frames, and handled."""
    for _ in range(RAISED):
        try:
            failing(DEPTH)
        except ValueError:
            pass


LOOPS: dict[str, Callable[[], object]] = {
    "loop": loop,
    "calls": calls,
    "generators": generators,
}


def seconds(work: Callable[[], object]) -> float:
    """Time it once."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(rounds: int) -> dict[str, float]:
    """Run all in turn."""
    least: dict[tuple[str, bool], float] = {}
    works = {**LOOPS, "raises": raises}
    for number in range(2 * rounds):
        # Both orders: who comes second is not to have the advantage.
        for is_tracked in (number % 2 == 0, number % 2 == 1):
            gauge = track_unwinding() if is_tracked else None
            for name, work in works.items():
                took, key = seconds(work), (name, is_tracked)
                least[key] = min(took, least.get(key, took))
            if gauge is not None:
                gauge.stop()
    found = {name: least[name, True] / least[name, False] for name in LOOPS}
    more = least["raises", True] - least["raises", False]
    return {**found, "frame": more / (RAISED * DEPTH) * 1e9}


if __name__ == "__main__":
    figures = measure(int(sys.argv[1]))
    Path(os.environ["BENCH_OUT"]).write_text(json.dumps(figures))
