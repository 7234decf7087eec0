"""Walks over all that the collector knows: the slow part, in Python.

`_heap.c` is its twin; `twin.py` chooses.
"""

from __future__ import annotations

import gc
import sys
from types import (
    AsyncGeneratorType,
    CoroutineType,
    FrameType,
    GeneratorType,
    TracebackType,
)
from typing import TYPE_CHECKING, Any

from frametools._python import TASKS_HIDE_RESULTS
from frametools.retention.heap.references import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SOME = 20
"""Targets that are asked for in one walk: each object is compared with all of them."""


def frames_in(objects: Iterable[object]) -> list[Any]:
    """Return the frames, generators, coroutines and async generators among objects.

    20 to 40 ns per object.
    """
    # A set of types would call the `__hash__` of the program's metaclasses.
    return [
        found
        for found in objects
        if (kind := type(found)) is FrameType
        or kind is GeneratorType
        or kind is CoroutineType
        or kind is AsyncGeneratorType
    ]


def carriers() -> list[Any]:
    """Return all frames that have ended, tracebacks, exceptions, and generators.

    40 to 60 ns per object of the process.
    """
    kinds = set(map(id, derived_from(BaseException)))
    kinds |= set(map(id, (FrameType, TracebackType, GeneratorType)))
    kinds |= set(map(id, (CoroutineType, AsyncGeneratorType)))
    return [found for found in gc.get_objects() if id(type(found)) in kinds]


def derived_from(base: type) -> list[type]:
    """Return a class and all that are derived from it."""
    found: list[type] = [base]
    seen = {id(base)}
    for kind in found:
        derived: Any
        for derived in type.__subclasses__(kind):
            if id(derived) not in seen:
                seen.add(id(derived))
                found.append(derived)
    return found


def referrers(targets: Sequence[object]) -> list[Any]:
    """Return the objects that refer to any of the targets.

    20 to 40 ns per object of the process for every 20 targets. Objects that C code, a
    running frame or frozen objects refer from are not known to the collector.
    """
    found: dict[int, Any] = {}
    for begin in range(0, len(targets), _SOME):
        some = targets[begin : begin + _SOME]
        referring = gc.get_referrers(*some)
        # 3.13's clinic hands the arguments over in a tuple made anew, and finds that.
        counts = references(referring)
        for referrer, count in zip(referring, counts, strict=True):
            if count and referrer is not some and referrer is not targets:
                found[id(referrer)] = referrer
    found.pop(id(found), None)
    return list(found.values()) + _tasks_of(targets)


def _tasks_of(targets: Sequence[object]) -> list[Any]:
    """Return the tasks that `gc.get_referrers` misses.

    `TaskObj_traverse` of 3.11 drops the result of what its base does.
    """
    asyncio = sys.modules.get("_asyncio")
    if asyncio is None or not TASKS_HIDE_RESULTS:
        return []
    tasks, wanted = set(map(id, derived_from(asyncio.Task))), set(map(id, targets))
    return [
        found
        for found in gc.get_objects()
        if id(type(found)) in tasks
        and any(id(other) in wanted for other in gc.get_referents(found))
    ]
