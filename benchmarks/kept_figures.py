"""Measures what the detector of kept frames costs, beside its peers.

Each run is a process of its own (`workloads/kept_*.py`), in turn with the others; times
are CPU time of that process, the least of all rounds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from measure import Effort, Failed, Run, available, run, say
from tools import Tool

Figures = dict[str, float]


class Way(NamedTuple):
    """Somebody who answers, and the word by which a workload knows them."""

    tool: Tool
    word: str

    @property
    def name(self) -> str:
        """As in the tables."""
        return self.tool.name


OURS, TWIN = "frametools", "frametools, no C"


def _ours(word: str) -> tuple[Way, Way]:
    """Those of frametools: with the walks in C, and in Python."""
    return (
        Way(Tool(OURS, env=(("FRAMETOOLS_PURE", ""),)), word),
        Way(Tool(TWIN, env=(("FRAMETOOLS_PURE", "1"),)), word),
    )


OFF = Way(Tool("off"), "off")
COLLECT = Way(Tool("gc.collect"), "gc")
LEAKS = Way(Tool("pytest-memray limit_leaks", module="pytest_memray"), "limit_leaks")
OBJECTS = Way(
    Tool("pytest-memray limit_leaked_objects", module="pytest_memray"),
    "limit_leaked_objects",
)
OBJGRAPH = Way(Tool("objgraph", module="objgraph"), "objgraph")
GUPPY = Way(Tool("guppy3", module="guppy"), "guppy3")
DOMISIZE = Way(Tool("guppy3", module="guppy"), "domisize")
ASIZEOF = Way(Tool("pympler asizeof", module="pympler"), "asizeof")
NEEDS = {OBJECTS.name: (3, 13, 3)}
"""Peers that a micro version is needed for."""

HOLDERS = (
    "a module global",
    "a dict",
    "a list of an instance",
    "an attribute of an object in a dict of an instance",
    "a context variable",
    "a list in a closure",
)


def _here(ways: Iterable[Way], effort: Effort) -> list[Way]:
    """Those that are wanted and installed; what is missing is said."""
    found: list[Way] = []
    if not effort.has_peers:
        return found
    for way in ways:
        needed = NEEDS.get(way.name, (3, 11))
        if sys.version_info < needed:
            say(f"{way.name} needs Python {'.'.join(map(str, needed))}")
        elif list(available([way.tool], effort)):
            found.append(way)
    return found


def _least(
    ways: Mapping[Way, tuple[str, ...]],
    program: str,
    rounds: int,
    seconds: Callable[[Run], float],
) -> Figures:
    """Run the program in each way, in turn; {name: least}. The arguments follow."""
    least: Figures = {}
    working = dict(ways)
    for number in range(rounds):
        for way, words in list(working.items()):
            say(f"{program}: {way.name} {' '.join(words)}, {number + 1} of {rounds}")
            try:
                took = seconds(run(way.tool, program, way.word, *words))
            except Failed as error:
                say(str(error))
                del working[way]
                continue
            least[way.name] = min(took, least.get(way.name, took))
    return least


def _inside(found: Run) -> float:
    return found.found["cpu"]


def tests(effort: Effort) -> Figures:
    """Milliseconds added to each trivial test; "off" is absolute."""

    def each(found: Run) -> float:
        return found.found["cpu"] / found.found["tests"] * 1e3

    quick = effort.is_quick
    ours = dict.fromkeys([OFF, *_ours("frametools")], ("2000",))
    least = _least(ours, "kept_suite.py", 3 if quick else 9, each)
    peers = dict.fromkeys(_here([COLLECT, LEAKS, OBJECTS], effort), ("200",))
    least |= _least(peers, "kept_suite.py", 1 if quick else 3, each)
    off = least.get(OFF.name, 0.0)
    return {way: ms if way == OFF.name else ms - off for way, ms in least.items()}


def suite(folder: str | None, effort: Effort) -> Figures:
    """CPU seconds of a package's own tests, start-up and report included."""
    if folder is None:
        say("no --suite: the tests of a package are left out")
        return {}
    words = (str(Path(folder).resolve()),)
    ways = dict.fromkeys([OFF, *_ours("frametools")], words)
    counts: list[float] = []

    def whole(found: Run) -> float:
        counts.append(found.found["tests"])
        return found.cpu

    least = _least(ways, "kept_suite.py", 2 if effort.is_quick else 7, whole)
    return {**least, "tests": counts[0]}


def leak(effort: Effort) -> dict[str, Figures]:
    """Milliseconds until the report of one leak among 1M objects, by holder."""
    found = {}
    quick = effort.is_quick
    for holder in HOLDERS:
        words = (holder, "1000000")
        ours = dict.fromkeys(_ours("frametools"), words)
        peers = dict.fromkeys(_here([OBJGRAPH, GUPPY], effort), words)
        least = _least(ours, "kept_heap.py", 2 if quick else 7, _inside)
        least |= _least(peers, "kept_heap.py", 1 if quick else 2, _inside)
        found[holder] = {way: seconds * 1e3 for way, seconds in least.items()}
    return found


def groups(effort: Effort) -> Figures:
    """Seconds until the report of 1,000 frames in 10 groups among 5M objects."""
    words = ("groups", "5000000")
    ways = dict.fromkeys(_ours("frametools"), words)
    return _least(ways, "kept_heap.py", 1 if effort.is_quick else 4, _inside)


def size(effort: Effort) -> dict[str, Figures]:
    """Seconds for what a frame keeps: 1.25M objects in a dict, or a linked list."""
    found = {}
    for shape in ("graph", "linked"):
        words = (shape, "1250000")
        ours = _ours("size")[:1]  # no walk over all objects: there is no C in it
        ways = dict.fromkeys([*ours, *_here([DOMISIZE, ASIZEOF], effort)], words)
        rounds = 1 if effort.is_quick else 4
        found[shape] = _least(ways, "kept_heap.py", rounds, _inside)
    return found


def unwinding(effort: Effort) -> Figures:
    """Times with `track_unwinding` / without, by loop; "frame": ns per unwound one."""
    rounds = 20 if effort.is_quick else 150
    say("track_unwinding")
    try:
        return run(Tool(OURS), "kept_unwinding.py", str(rounds)).found
    except Failed as error:
        say(str(error))
        return {}
