"""The tasks of asyncio are found, and none of them is asked anything."""

from __future__ import annotations

import asyncio
import gc
import sys
from asyncio.tasks import _PyTask  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import pytest

from frametools import retention
from frametools.retention import tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

ran: list[str] = []


def hostile(name: str) -> Any:
    """Make a method that says that it ran."""

    def method(_self: Any, *_args: Any) -> Any:
        ran.append(name)
        return False

    return method


class Hostile(asyncio.Task[None]):
    """A task of the program's, with methods of its own."""

    done = cancelled = get_loop = get_coro = get_name = hostile("a method")
    __eq__ = hostile("__eq__")

    def __hash__(self) -> int:
        ran.append("__hash__")
        return 1


class Plain(_PyTask):  # type: ignore[misc]
    """A task in Python."""


def eager(coroutine: Coroutine[Any, Any, None]) -> Any:
    """Begin a task at once, where that can be."""
    loop = asyncio.get_running_loop()
    if sys.version_info < (3, 12):
        return asyncio.Task(coroutine)
    return asyncio.Task(coroutine, loop=loop, eager_start=True)


KINDS = {"C": asyncio.Task, "derived": Hostile, "Python": Plain, "eager": eager}


@pytest.fixture(params=[False, True], ids=["sets", "linked"])
def is_linked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Read the sets, as until 3.13, and as if tasks were in a list of C."""
    if request.param:
        monkeypatch.setattr(tasks, "TASKS_ARE_LINKED", True)
    elif tasks.TASKS_ARE_LINKED:
        pytest.skip("this Python has no set of its tasks")
    yield
    ran.clear()


@pytest.mark.usefixtures("is_linked")
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_others_are_found(make: Callable[..., Any]) -> None:
    """Each kind of task is found with what it waits in; the current one is not."""

    async def sleep(event: asyncio.Event) -> None:
        await event.wait()

    async def other(event: asyncio.Event) -> None:
        await sleep(event)

    async def main() -> None:
        event = asyncio.Event()
        task = make(other(event))
        await asyncio.sleep(0)
        ran.clear()
        found = [reference() for reference in tasks.other_tasks()]
        assert [each is task for each in found] == [True]
        waits = [type(each).__name__ for each in tasks.awaited(task)]
        assert waits[:3] == ["coroutine"] * 3
        assert ran == []
        event.set()
        await asyncio.wait([task]) if make is not Hostile else await asyncio.sleep(0)

    before = retention.snapshot()
    asyncio.run(main())
    assert retention.diff(before) == []


@pytest.mark.usefixtures("is_linked")
def test_watch_asks_no_task() -> None:
    """A watch beside a task of the program's runs no code of it."""

    async def other(event: asyncio.Event) -> None:
        await event.wait()

    async def main() -> list[str]:
        event = asyncio.Event()
        task = Hostile(other(event))
        await asyncio.sleep(0)
        ran.clear()
        with retention.watch() as watch:
            await asyncio.sleep(0)
        seen = list(ran)
        assert watch.leaks == []
        event.set()
        await asyncio.sleep(0)
        del task
        return seen

    before = retention.snapshot()
    assert asyncio.run(main()) == []
    assert retention.diff(before) == []


def test_without_a_loop() -> None:
    """Where no loop runs there are no others."""
    assert tasks.other_tasks() == []


def test_what_an_eager_child_leaves_is_ours() -> None:
    """A task that its parent has begun at once runs in this thread, as that does."""
    kept: list[Any] = []

    def leave() -> None:
        try:
            raise ValueError
        except ValueError as error:
            kept.append(error)

    async def child() -> list[Any]:
        with retention.watch() as watch:
            leave()
        return watch.leaks

    async def main() -> int:
        return len(await eager(child()))  # type: ignore[arg-type]

    before = retention.snapshot()
    assert asyncio.run(main()) == 1
    kept.clear()
    gc.collect()
    assert retention.diff(before) == []
