"""How much the process grows while a tool watches: `growth.py SHAPE`.

`deep` calls every path of 17 calls of two functions (262,143 nodes of a
calling-context tree), `wide` every path of 4 of 20 (168,421); `few` and `many`
call one function a million and three million times (two events each). Writes {"grown":
bytes, "nodes": n, "events": n} as JSON to the file BENCH_OUT names. Growth is
that of resident memory: heap and mapped files alike.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable


def resident() -> int:
    """Bytes of memory in RAM, heap and mapped files (Linux)."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _left(n: int) -> None:
    if n:
        _left(n - 1)
        _right(n - 1)


def _right(n: int) -> None:
    if n:
        _left(n - 1)
        _right(n - 1)


def deep(levels: int) -> int:
    """Every path of two functions, `levels` calls deep; return the nodes."""
    _left(levels)
    return (1 << levels + 1) - 1


def _functions(count: int) -> list[Callable[..., None]]:
    source = "def f{0}(n, all):\n if n:\n  for f in all: f(n - 1, all)"
    names: dict[str, Callable[..., None]] = {}
    exec("\n".join(source.format(i) for i in range(count)), names)
    return [names[f"f{i}"] for i in range(count)]


def wide(levels: int) -> int:
    """Every path of twenty functions, `levels` calls deep; return the nodes."""
    functions = _functions(20)
    functions[0](levels, functions)
    return sum(20**level for level in range(levels + 1))


def _empty() -> None:
    pass


def flat(count: int) -> int:
    """One function called `count` times; return the nodes."""
    for _ in range(count):
        _empty()
    return 1


MILLION = 1_000_000
SHAPES = {
    "deep": (deep, 17),
    "wide": (wide, 4),
    "few": (flat, MILLION),
    "many": (flat, 3 * MILLION),
}


def main() -> None:
    """Measure how much one shape adds."""
    shape, size = SHAPES[sys.argv[1]]
    shape(1)
    before = resident()
    nodes = shape(size)
    grown = resident() - before
    events = 2 * (size if shape is flat else nodes)
    with open(os.environ["BENCH_OUT"], "w") as out:
        json.dump({"grown": grown, "nodes": nodes, "events": events}, out)


if __name__ == "__main__":
    main()
