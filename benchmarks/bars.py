"""The bars that frametools must stay under, and whether it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from programs import mean_added
from tools import C_CALLS, CPROFILE, DEFAULT, LOW, TWIN, Tool

Results = dict[str, Any]
"""One Python's figures: {"python": "3.13.0", "per_call": ..., ...}."""


class Bar(NamedTuple):
    """One limit; `limits` by version, the last for every later Python."""

    name: str
    unit: str
    measured: Callable[[Results], float | None]
    limits: dict[tuple[int, int], float]

    def limit(self, results: Results) -> float | None:
        """The limit on the Python that was measured; None if it has none."""
        major, minor = results["python"].split(".")[:2]
        version = int(major), int(minor)
        known = [since for since in self.limits if since <= version]
        return self.limits[max(known)] if known else None


def _call(tool: Tool) -> Callable[[Results], float | None]:
    def measured(results: Results) -> float | None:
        added = results.get("per_call", {})
        if tool.name not in added:
            return None
        return float(added[tool.name]["calls"] / added[CPROFILE.name]["calls"])

    return measured


def _programs(tool: Tool) -> Callable[[Results], float | None]:
    def measured(results: Results) -> float | None:
        ratios = results.get("programs", {})
        ours, theirs = mean_added(ratios, tool.name), mean_added(ratios, CPROFILE.name)
        return ours / theirs if ours and theirs else None

    return measured


def _startup(clock: str) -> Callable[[Results], float | None]:
    def measured(results: Results) -> float | None:
        added = results.get("startup", {})
        if DEFAULT.name not in added:
            return None
        return float(added[DEFAULT.name][clock] / added[CPROFILE.name][clock])

    return measured


def _memory(*what: str) -> Callable[[Results], float | None]:
    def measured(results: Results) -> float | None:
        found = results.get("memory", {})
        return max(
            (found[name]["memory"] for name in what if name in found), default=None
        )

    return measured


OF = "cProfile = 1"
BARS = (
    Bar(
        "time added to each call",
        OF,
        _call(DEFAULT),
        {(3, 11): 0.80, (3, 12): 0.45, (3, 13): 0.38},
    ),
    Bar(
        "time added to whole programs",
        OF,
        _programs(DEFAULT),
        {(3, 12): 0.28, (3, 13): 0.25},
    ),
    Bar("the same with --c-calls", OF, _programs(C_CALLS), {(3, 12): 0.42}),
    Bar("the same with --low", OF, _programs(LOW), {(3, 12): 0.16}),
    Bar("time added to each call, without the C core", OF, _call(TWIN), {(3, 12): 4.5}),
    Bar("time added to the start, on the clock", OF, _startup("wall"), {(3, 11): 1.5}),
    Bar(
        "time added to the start, on the processor", OF, _startup("cpu"), {(3, 11): 1.5}
    ),
    Bar(
        "memory per node of the call tree",
        "bytes",
        _memory("deep", "wide"),
        {(3, 11): 160.0},
    ),
    Bar("memory per event with --record", "bytes", _memory("event"), {(3, 11): 16.0}),
)


def shown(bar: Bar, value: float) -> str:
    """The value, as exact as it is judged."""
    return f"{value:.0f}" if bar.unit == "bytes" else f"{value:.2f}"


def is_met(bar: Bar, results: Results) -> bool | None:
    """Whether the value, as shown, is within the limit; None without either."""
    value, limit = bar.measured(results), bar.limit(results)
    if value is None or limit is None:
        return None
    return float(shown(bar, value)) <= limit
