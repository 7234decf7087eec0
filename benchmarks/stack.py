"""Prints what looking at the live stack costs, and which bars it meets.

    python benchmarks/stack.py [--quick] [--save] [--write-readme]

Takes half a minute. All ways run in turn in one process, each on a stack that nobody
has looked at before; the least of all rounds counts. --save keeps the figures in
benchmarks/results/stack/; --write-readme fills the tables of benchmarks/README.md from
all that are kept.
"""

from __future__ import annotations

import gc
import inspect
import subprocess
import sys
import time
import timeit
import traceback
from collections.abc import Callable
from functools import partial

from measure import ROOT, say
from one_page import Bar, Figures, run, table_of
from tables import NONE, Table

from frametools.monitor import _depth
from frametools.monitor.stack import caller, caller_message, current_depth, walk

DEPTHS = (10, 100, 1000)
OURS, AGAIN = "current_depth, first call", "current_depth, again near there"
WALK, PLACE, BARE = "walk", "caller", "sys._getframe, its file and line"


def _first(figures: Figures) -> dict[str, float]:
    found: dict[str, float] = figures["depth"][OURS]["1000"]
    return found


BARS = (
    Bar(
        "current_depth 1,000 deep, first call, us", 35, ".0f", lambda f: _first(f)["us"]
    ),
    Bar("the same, frame objects made", 16, ".0f", lambda f: _first(f)["objects"]),
    Bar("caller, us", 0.25, ".2f", lambda f: float(f["caller"][PLACE])),
)

# --- ways to know how deep the stack is ---


def _cold() -> None:
    _depth._last[0] = 1
    current_depth()


def _by_back() -> None:
    depth, frame = 0, sys._getframe()
    while (outer := frame.f_back) is not None:
        frame, depth = outer, depth + 1


def _by_walk_stack() -> None:
    sum(1 for _ in traceback.walk_stack(None))


def _nothing() -> None:
    pass


WAYS: dict[str, Callable[[], object]] = {
    OURS: _cold,
    AGAIN: current_depth,
    "loop over f_back": _by_back,
    "sum over traceback.walk_stack": _by_walk_stack,
    WALK: walk,
    "traceback.extract_stack": traceback.extract_stack,
    "inspect.stack(0)": lambda: inspect.stack(0),
}


def _deep(depth: int, what: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """Go so deep that `what` is called by the frame of that depth."""
    return _deep(depth - 1, what) if depth > 1 else what()


def _looking(way: Callable[[], object]) -> tuple[int, int]:
    """Nanoseconds, and objects left behind: on a fresh stack, the frames' only."""
    before = sys.getallocatedblocks()
    start = time.perf_counter_ns()
    way()
    took = time.perf_counter_ns() - start
    return took, sys.getallocatedblocks() - before


def depths(rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """Microseconds and objects by way and depth, the least of all rounds."""
    found: dict[str, dict[str, dict[str, float]]] = {way: {} for way in WAYS}
    base = current_depth()
    for depth in DEPTHS:
        say(f"{depth} deep")
        empty = min(_deep(depth - base, lambda: _looking(_nothing))[1] for _ in "12345")
        rows: dict[str, list[tuple[int, int]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for name, way in WAYS.items():
                if number < 5 or "inspect" not in name:  # it takes milliseconds
                    rows[name].append(_deep(depth - base, lambda x=way: _looking(x)))
        for name, row in rows.items():
            us = min(took for took, _ in row) / 1e3
            made = max(0, min(objects for _, objects in row) - empty)
            found[name][str(depth)] = {"us": us, "objects": made}
    return found


# --- ways to know who called ---


def _file_and_line() -> object:
    frame = sys._getframe(1)
    return frame.f_code.co_filename, frame.f_lineno


def _by_currentframe() -> object:
    frame = inspect.currentframe()
    back = frame.f_back if frame else None
    return back and (back.f_code.co_filename, back.f_lineno)


CALLERS: dict[str, Callable[[], object]] = {
    BARE: _file_and_line,
    PLACE: partial(caller, 0),
    "caller, and its position": lambda: caller(0).position,
    "caller_message": lambda: caller_message("x"),
    "inspect.currentframe().f_back, its file and line": _by_currentframe,
    "inspect.getframeinfo": lambda: inspect.getframeinfo(sys._getframe(1)),
    "traceback.extract_stack(limit=2)": lambda: traceback.extract_stack(limit=2),
    "inspect.stack()[1]": lambda: inspect.stack()[1],
}


def callers(rounds: int) -> dict[str, float]:
    """Microseconds by way, the least of all rounds."""
    least: dict[str, float] = {}
    for number in range(rounds):
        say(f"callers: round {number + 1} of {rounds}")
        for name, way in CALLERS.items():
            times = 100 if "stack" in name else 2000
            took = timeit.timeit(way, number=times) / times * 1e6
            least[name] = min(took, least.get(name, took))
    return least


# --- the audit hook ---

_HOOK = """
import sys, timeit
from frametools.monitor.materialisations import materialisations
def us():
    ask = sys._getframe
    rows = timeit.repeat("ask()", globals={"ask": ask}, number=5000, repeat=15)
    return min(rows) / 5000 * 1e6
bare, watch = us(), materialisations()
with watch:
    counted = us()
print(bare, us(), counted)
"""


def hook() -> dict[str, float]:
    """Microseconds of `sys._getframe()`: with no hook, dormant, and counted."""
    say("the audit hook")
    text = subprocess.check_output([sys.executable, "-c", _HOOK], cwd=ROOT, text=True)
    names = "no hook", "the hook, after its use", "counted"
    return dict(zip(names, map(float, text.split()), strict=True))


# --- the tables ---


def measure(quick: bool) -> Figures:
    """All figures of this Python."""
    sys.setrecursionlimit(5000)
    gc.disable()
    return {
        "depth": depths(20 if quick else 200),
        "caller": callers(5 if quick else 25),
        "hook": hook(),
    }


def by_depth(figures: Figures) -> Table:
    """Microseconds and frame objects, by way and depth."""
    rows = [
        [way, *(f"{x['us']:.1f} ({x['objects']:.0f})" for x in found.values())]
        for way, found in figures["depth"].items()
    ]
    heads = ["us (frame objects made)", *(f"{depth:,} deep" for depth in DEPTHS)]
    return Table("On a stack that nobody has looked at", heads, rows)


def by_caller(figures: Figures) -> Table:
    """Microseconds by way."""
    rows = [[way, f"{us:.2f}"] for way, us in figures["caller"].items()]
    return Table("Who called", ["way", "us"], rows or [[NONE, NONE]])


def by_hook(figures: Figures) -> Table:
    """Microseconds of one audit event, by what the hook does."""
    rows = [[way, f"{us:.2f}"] for way, us in figures["hook"].items()]
    return Table("`sys._getframe()` and materialisations()", ["with", "us"], rows)


def tables(figures: Figures) -> list[Table]:
    """All of them, the bars first."""
    return [
        table_of(BARS, figures),
        by_depth(figures),
        by_caller(figures),
        by_hook(figures),
    ]


if __name__ == "__main__":
    run("stack", __doc__, measure, tables)
