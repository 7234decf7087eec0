"""Prints what a logged call costs, and which bars `log_calls` meets.

    python benchmarks/calls.py [--quick] [--save] [--write-readme]

Takes a quarter of a minute. All decorators run in turn in one process with a sink that
does nothing, on `f(1, b=3)`; the least of all rounds counts. Those that set a trace
function are measured behind the others: each time they do, all code is instrumented
anew. The lines are those of a program of one thread; what it costs to name threads
stands by itself. Peers that are not installed are left out (log_calls, eliot,
aspectlib, Autologging, PySnooper, snoop).
--save keeps the figures in benchmarks/results/calls/; --write-readme fills the tables
of benchmarks/README.md from all that are kept.
"""

from __future__ import annotations

import functools
import io
import logging
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import wrapt
from measure import say
from one_page import Bar, Figures, run, table_of
from tables import Table

from frametools import log_calls

Function = Callable[..., Any]
PLAIN, OURS, WRAPT = "undecorated", "log_calls", "wrapt, the same text"
NAMED = "log_calls, when two threads have logged"
GENERAL, OFF = "log_calls(durations=True)", "log_calls, switched off"
_CALLS = 300
"""Of one measurement: short, so that the least is of an undisturbed time."""


BARS = (
    Bar(
        "a logged call, to the same text through wrapt",
        0.85,
        ".2f",
        lambda f: float(f["calls"][OURS] / f["calls"][WRAPT]),
    ),
    Bar(
        "switched off, to the undecorated call",
        1.05,
        ".2f",
        lambda f: float(f["calls"][OFF] / f["calls"][PLAIN]),
    ),
    Bar(
        "depth of recursion at limit 1000",
        985,
        ".0f",
        lambda f: float(f["recursion"][OURS]),
        is_least=True,
    ),
)


def null(_line: str) -> None:
    """Take a line."""


# --- decorators ---

_local = threading.local()
_local.depth = 0


@wrapt.decorator
def by_wrapt(wrapped: Function, _instance: Any, args: Any, kwargs: Any) -> Any:
    """Write the text of log_calls, as one would by hand: no bound, nothing hidden."""
    parts = [repr(arg) for arg in args] + [f"{k}={v!r}" for k, v in kwargs.items()]
    text = f"{wrapped.__name__}({', '.join(parts)})"
    depth = _local.depth
    null(f"{'  ' * depth}→ {text}")
    _local.depth = depth + 1
    try:
        result = wrapped(*args, **kwargs)
    except BaseException as error:
        _local.depth = depth
        null(f"{'  ' * depth}✗ {text} raised {error!r}")
        raise
    _local.depth = depth
    null(f"{'  ' * depth}← {text} = {result!r}")
    return result


def by_wraps(function: Function) -> Function:
    """Do nothing, in a wrapper: the floor of any wrapper in Python."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def by_wrapper(function: Function) -> Function:
    """Log by the wrapper that log_calls uses on 3.11."""
    from frametools.calls.options import options_from
    from frametools.calls.wrapping import wrap

    return wrap(options_from({"sink": null}), function)


def switched_off(function: Function) -> Function:
    """Log, and stop it."""
    log_calls(sink=null)(function)(1)
    log_calls.off(function)
    return function


def _peer(module: str, decorate: Callable[[Any, Function], Function]) -> Any:
    """Return what decorates by a peer, or None without it."""
    try:
        found = import_module(module)
    except ImportError:
        return None
    return functools.partial(decorate, found)


def _autologging(module: Any, function: Function) -> Function:
    logger = logging.getLogger("autologging")
    logger.setLevel(1)
    logger.addHandler(logging.NullHandler())
    return module.traced(logger)(function)  # type: ignore[no-any-return]


def _log_calls_package(module: Any, function: Function) -> Function:
    logger = logging.getLogger("log_calls")
    logger.setLevel(1)
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    return module.log_calls(logger=logger)(function)  # type: ignore[no-any-return]


def _eliot(module: Any, function: Function) -> Function:
    module.add_destinations(lambda _message: None)
    return module.log_call(function)  # type: ignore[no-any-return]


DECORATORS: dict[str, Any] = {
    PLAIN: lambda function: function,
    OURS: log_calls(sink=null),
    GENERAL: log_calls(sink=null, durations=True),
    OFF: switched_off,
    WRAPT: by_wrapt,
    "log_calls as on 3.11": by_wrapper,
    "functools.wraps, doing nothing": by_wraps,
    "aspectlib.log": _peer(
        "aspectlib.debug", lambda m, f: m.log(print_to=io.StringIO())(f)
    ),
    "Autologging": _peer("autologging", _autologging),
    "eliot.log_call": _peer("eliot", _eliot),
    "log_calls, the package": _peer("log_calls", _log_calls_package),
    "PySnooper": _peer("pysnooper", lambda m, f: m.snoop(null)(f)),
    "snoop": _peer("snoop", lambda m, f: m.Config(out=null).snoop(f)),
}

TRACERS = "PySnooper", "snoop"

# --- measuring ---


def _new() -> Function:
    """Make a function with code of its own: log_calls knows functions by that."""
    names: dict[str, Any] = {}
    exec("def f(a, b=2):\n    return a + b", names)
    return names["f"]  # type: ignore[no-any-return]


def _once(function: Function) -> float:
    for _ in range(_CALLS // 3):  # what the one before has left in the caches
        function(1, b=3)
    start = time.perf_counter_ns()
    for _ in range(_CALLS):
        function(1, b=3)
    return (time.perf_counter_ns() - start) / _CALLS


def calls(rounds: int) -> dict[str, float]:
    """Nanoseconds per call by decorator, the least of all rounds."""
    found = {name: each for name, each in DECORATORS.items() if each is not None}
    tracers = {name: found.pop(name) for name in TRACERS if name in found}
    return _least(found, rounds) | _least(tracers, 5)


def _least(decorators: dict[str, Any], rounds: int) -> dict[str, float]:
    functions = {name: decorate(_new()) for name, decorate in decorators.items()}
    least: dict[str, float] = {}
    for number in range(rounds):
        if number % 50 == 0:
            say(f"calls: round {number} of {rounds}")
        for name, function in functions.items():
            if number > 5 and least[name] > 5_000:
                continue  # no need to look closer
            took = _once(function)
            least[name] = min(took, least.get(name, took))
    return least


_DOWN = "def f(n): return 0 if n == 0 else 1 + f(n - 1)"


def recursion() -> dict[str, int]:
    """How deep a function can call itself, by decorator, at the limit of 1000."""
    found = {}
    for name in (PLAIN, OURS, WRAPT):
        names: dict[str, Any] = {}
        exec(_DOWN, names)
        names["f"] = DECORATORS[name](names["f"])
        found[name] = _deepest(names["f"])
    return found


def _deepest(function: Function) -> int:
    """Return the deepest recursion that a new thread has room for."""
    found = []

    def search() -> None:
        _local.depth = 0
        low, high = 1, 1000
        while low < high:
            middle = (low + high + 1) // 2
            try:
                function(middle)
                low = middle
            except RecursionError:
                high = middle - 1
        found.append(low)

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    return found[0]


# --- the tables ---


def measure(quick: bool) -> Figures:
    """All figures of this Python."""
    sys.setrecursionlimit(1000)
    rounds = 40 if quick else 400
    # First, while one thread has logged: the lines are longer once two have.
    found = calls(rounds)
    deepest = recursion()
    named = _least({OURS: DECORATORS[OURS]}, rounds)
    return {"calls": found | {NAMED: named[OURS]}, "recursion": deepest}


def by_decorator(figures: Figures) -> Table:
    """Nanoseconds by decorator."""
    rows = [[name, f"{ns:,.0f}"] for name, ns in figures["calls"].items()]
    return Table("A call of `f(1, b=3)`, nothing done with the lines", ["", "ns"], rows)


def by_depth(figures: Figures) -> Table:
    """Depth of recursion by decorator."""
    rows = [[name, str(depth)] for name, depth in figures["recursion"].items()]
    return Table("Recursion at limit 1000, in a thread", ["", "levels"], rows)


def tables(figures: Figures) -> list[Table]:
    """All of them, the bars first."""
    return [table_of(BARS, figures), by_decorator(figures), by_depth(figures)]


if __name__ == "__main__":
    run("calls", __doc__, measure, tables)
