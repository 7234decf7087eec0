"""The asyncio tasks that there are, read without asking any of them.

`asyncio.all_tasks` asks each whether it is done: a method that a subclass of the
program's may have. `_asyncio` keeps them, until 3.13, in a set of weak references;
from 3.14 on in a list of C that nobody can read, and they are looked for among all
objects. Tasks that are none of `_asyncio` are in the set on every version.
"""

from __future__ import annotations

import gc
from types import CoroutineType
from typing import Any
from weakref import WeakSet, ref

from frametools._frame_values import frame_of
from frametools._python import TASKS_ARE_LINKED
from frametools.retention.heap.census import running_here
from frametools.retention.heap.walks import derived_from
from frametools.retention.holders.edges import attributes_of, loaded
from frametools.retention.holders.kinds import is_a

_SETS = "_all_tasks", "_scheduled_tasks", "_eager_tasks"
"""The first is that of 3.11, the last has tasks that were begun at once (3.12)."""


def other_tasks() -> list[ref[Any]]:
    """Return the tasks that have not ended, of all loops, and do not run here.

    Empty if this thread runs no loop. A few ns for each task; from 3.14 on 40 ns for
    each object of the process.
    """
    get_loop = loaded("_asyncio", "_get_running_loop")
    if get_loop is None or get_loop() is None:
        return []
    running = running_here()  # alive while their ids are compared
    ids = set(map(id, running))
    return [ref(task) for task in _tasks() if _is_outside(task, ids)]


def awaited(task: Any) -> list[Any]:
    """Return the coroutines that a task waits in, outermost first."""
    coroutine = _coroutine_of(task)
    chain: list[Any] = []
    while coroutine is not None and len(chain) < 1000:
        chain.append(coroutine)
        is_coroutine = type(coroutine) is CoroutineType
        coroutine = coroutine.cr_await if is_coroutine else None
    return chain


def _tasks() -> list[Any]:
    found = [task for name in _SETS for task in _members(name)]
    if TASKS_ARE_LINKED:
        found += linked_tasks()
    return list({id(task): task for task in found}.values())


def _members(name: str) -> list[Any]:
    """Return what a registry of asyncio has; a set is copied without being asked."""
    found = loaded("asyncio.tasks", name)
    if type(found) is set:
        return list(found)
    if type(found) is not WeakSet:
        return []
    tasks = [reference() for reference in list((attributes_of(found) or {})["data"])]
    return [task for task in tasks if task is not None]


def linked_tasks() -> list[Any]:
    """Return the tasks of `_asyncio`, and of what is derived, among all objects."""
    kind = loaded("_asyncio", "Task")
    if kind is None:
        return []
    kinds = set(map(id, derived_from(kind)))
    return [found for found in gc.get_objects() if id(type(found)) in kinds]


def _is_outside(task: Any, frames: set[int]) -> bool:
    """Tell if a task has not ended, and its coroutine has none of some frames."""
    frame = frame_of(_coroutine_of(task))
    return frame is not None and id(frame) not in frames


def _coroutine_of(task: Any) -> Any:
    """Return what a task runs; None for one that is not as those of asyncio are."""
    if is_a(task, "_asyncio", "Task"):
        return loaded("_asyncio", "Task").get_coro(task)
    return (attributes_of(task) or {}).get("_coro")
