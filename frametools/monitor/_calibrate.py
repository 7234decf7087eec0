"""Measures what monitoring costs here and now, for the reports to subtract.

An empty function, and abs(), run a few thousand times with and without a private
builder of the kind in use. What is added per call is the whole cost. What of it falls
inside of the callee is what the builder recorded for it, less the callee's own share,
which is taken to be half of a plain call: the other half, the CALL and the making of
the frame, comes before PY_START. The rest is outside, and falls on the caller.

It happens before the program runs, and must leave it no trace: nothing is imported.
"""

from __future__ import annotations

import sys
from time import perf_counter_ns

from frametools.monitor.backend import MonitorError, build, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.monitor._core import TreeBuilder

    Costs = tuple[float, float, float, float]
    Loop = Callable[[int], int]

_CALLS, _ROUNDS = 500, 4
_OWN_SHARE = 0.5
_NONE = (0.0, 0.0, 0.0, 0.0)
_HEADER, _EXTENT, _NODE, _NODES = 4096, 32, 128, 1  # docs/data-file.md

_known: dict[tuple[type[TreeBuilder], bool, bool], Costs] = {}
"""What was measured in this process, by the kind of run."""


def calibrate(
    builder: TreeBuilder, *, c_calls: bool = False, sampled: bool = False
) -> Costs:
    """Set the costs of a builder, and return them; say how it was made.

    2 ms, in Python 15.

    Later builders of the same kind get the same costs, at no cost.
    """
    kind = type(builder), c_calls, sampled
    costs = _known.get(kind)
    if costs is None:
        costs = measure(
            lambda: build(kind[0], c_calls=c_calls, sampled=sampled), c_calls, sampled
        )
        if any(costs):
            _known[kind] = costs
    builder.set_costs(*costs)
    return costs


def measure(
    make: Callable[[], TreeBuilder], c_calls: bool = False, sampled: bool = False
) -> Costs:
    """Give inside and outside for an activation in ns, and for a C function.

    All 0 where there is no place for another tool or builder. With sampled times
    nothing is recorded per call; each of the two callbacks is charged to the side on
    which it ends.
    """
    loops = (_calls, _c_calls) if c_calls else (_calls,)
    empty: list[int] = []
    plain: list[list[int]] = []
    observed: list[list[tuple[int, float]]] = []
    try:
        # In turn: a machine that is slow for a moment is so for all of them.
        for _ in range(_ROUNDS):
            empty.append(_nothing(_CALLS))
            plain.append([loop(_CALLS) for loop in loops])
            # Builders of their own: in a mean is whatever the machine did meanwhile.
            observed.append([_round(make(), loop) for loop in loops])
    except MonitorError:
        return _NONE
    costs: list[float] = []
    for at in range(len(loops)):
        own = min(times[at] for times in plain)
        watched, recorded = min(times[at] for times in observed)
        added = max(watched - own, 0) / _CALLS
        share = max(own - min(empty), 0) / _CALLS * _OWN_SHARE
        inside = added / 2 if sampled else max(recorded - share, 0.0)
        costs += [min(inside, added), max(added - inside, 0.0)]
    costs += [0.0] * (4 - len(costs))
    return costs[0], costs[1], costs[2], costs[3]


def _round(builder: TreeBuilder, loop: Loop) -> tuple[int, float]:
    """Give the ns of a loop that is watched, and what was recorded for a call."""
    backend = choose()
    backend.start(builder, sys.getrecursionlimit())
    try:
        time = loop(_CALLS)
    finally:
        backend.stop()
    return time, _recorded(builder.image())


def _recorded(image: bytes) -> float:
    """Give the recorded ns per call of the function that was called most."""
    ns_per_tick = memoryview(image)[32:40].cast("d")[0]
    words, at, most = memoryview(image).cast("Q"), _HEADER, (0, 0)
    while at < len(image):
        length = words[at // 8 + 1]
        if memoryview(image)[at + 4 : at + 8].cast("I")[0] == _NODES:
            nodes = range((at + _EXTENT) // 8, (at + length) // 8, _NODE // 8)
            most = max([most, *[(words[n + 2], words[n + 3]) for n in nodes]])
        at += length
    return most[1] * ns_per_tick / max(most[0], 1)


def _empty() -> None:
    pass


def _nothing(count: int) -> int:
    begin = perf_counter_ns()
    for _ in range(count):
        pass
    return perf_counter_ns() - begin


def _calls(count: int) -> int:
    function = _empty
    begin = perf_counter_ns()
    for _ in range(count):
        function()
    return perf_counter_ns() - begin


def _c_calls(count: int) -> int:
    function = abs
    begin = perf_counter_ns()
    for _ in range(count):
        function(1)
    return perf_counter_ns() - begin
