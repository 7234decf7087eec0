"""Tasks that bear a name of their own: told apart by it, as far as there is reason."""

from __future__ import annotations

import asyncio
import gc
import weakref
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from frametools._python import HAS_MONITORING
from frametools.calltree import CallTree
from frametools.calltree.tasks import MOST
from frametools.events import EventKind
from frametools.recording import Recording


async def leaf(times: int = 1) -> None:
    """Suspend so often."""
    for _ in range(times):
        await asyncio.sleep(0)


async def work(times: int = 1) -> None:
    """Await a coroutine that must stay in the same task."""
    await leaf(times)


def tasks_of(builder: Any) -> dict[str, tuple[int, int, int]]:
    """Tasks, steps, and calls of `leaf` by title; of this file's functions."""
    tree = CallTree.from_image(builder.image())
    assert (tree.unmatched, tree.repaired) == (0, 0)
    tasks = tree.tasks()
    calls = [0] * (len(tasks.kinds) + 1)
    for node in range(1, len(tree) + 1):
        if tree.ref(node).qualname == "leaf":
            calls[tasks.of_node[node]] += tree.calls[node]
    return {
        kind.title: (kind.tasks, kind.steps, calls[at])
        for at, kind in enumerate(tasks.kinds)
        if kind.code and kind.code.filename == __file__
    }


def run(main: Any) -> Any:
    """Make a function that runs a coroutine function in a loop of asyncio."""
    return lambda: asyncio.run(main())


def test_names(twin: SimpleNamespace, observe: Any) -> None:
    """Each name is a root; tasks without one stand by their coroutine."""

    async def main() -> None:
        made = [asyncio.create_task(work(n), name=f"worker {n}") for n in range(3)]
        made += [asyncio.create_task(work(2), name="worker 2")]
        made += [asyncio.create_task(work(0)), asyncio.create_task(leaf(2))]
        await asyncio.gather(*made)

    found = tasks_of(observe(twin.TreeBuilder, run(main)))
    del found[main.__qualname__.replace(".<locals>.", ".")]
    assert found == {
        '"worker 0"': (1, 1, 1),
        '"worker 1"': (1, 2, 1),
        '"worker 2"': (2, 6, 2),
        "work": (1, 1, 1),
        "leaf": (1, 3, 1),
    }


def test_the_function_is_still_one(twin: SimpleNamespace, observe: Any) -> None:
    """In the table of functions, and in its equality with other trees."""

    async def main(*names: str | None) -> None:
        await asyncio.gather(*(asyncio.create_task(work(), name=n) for n in names))

    named, plain = (
        CallTree.from_image(
            observe(twin.TreeBuilder, run(partial(main, *names))).image()
        )
        for names in (("a", "b"), (None, None))
    )
    assert named == plain
    assert sorted(named.task_names.values()) == ["a", "b"]
    assert plain.task_names == {}
    (row,) = (row for row in named.functions() if row.code.qualname == "work")
    assert (row.calls, row.resumes, row.yields) == (2, 2, 2)


def test_a_name_given_later(twin: SimpleNamespace, observe: Any) -> None:
    """What ran before it was given is without it."""

    async def renamed() -> None:
        await leaf()
        task = asyncio.current_task()
        assert task is not None
        task.set_name("later")
        await leaf()
        await leaf()

    async def main() -> None:
        task = asyncio.create_task(renamed())
        await task

    found = tasks_of(observe(twin.TreeBuilder, run(main)))
    title = renamed.__qualname__.replace(".<locals>.", ".")
    assert found[title] == (1, 2, 2)
    assert found['"later"'] == (0, 2, 1)


@pytest.mark.parametrize(
    "name",
    ["Task-1", "Task-12345", "", "None", 7, "x" * 500, "Task-x", "Ta sk\n", "\ud800"],
    ids=["1", "12345", "empty", "None", "int", "long", "no number", "odd", "surrogate"],
)
def test_odd_names(twin: SimpleNamespace, observe: Any, name: Any) -> None:
    """What looks as asyncio's own is none; no name makes a file that cannot be read."""

    async def main() -> None:
        await asyncio.create_task(work(), name=name)

    found = tasks_of(observe(twin.TreeBuilder, run(main)))
    wanted = {"7": '"7"', "x" * 500: f'"{"x" * 200}"', "Task-x": '"Task-x"'}
    wanted |= {"Ta sk\n": '"Ta sk\n"', "\ud800": '"?"'}
    assert wanted.get(str(name), "work") in found


def test_many_names(twin: SimpleNamespace, observe: Any) -> None:
    """A program that names each request: a hundred names, the rest by function."""

    async def main() -> None:
        for number in range(120):
            await asyncio.create_task(work(0), name=f"request {number}")

    tree = CallTree.from_image(observe(twin.TreeBuilder, run(main)).image())
    assert len(tree.task_names) == 100
    nodes = [n for n in tree.walk() if tree.ref(n).qualname == "work"]
    assert sorted(tree.calls[node] for node in nodes) == [1] * 100 + [20]
    assert len(tree.tasks().kinds) == MOST


class Odd(asyncio.Task):  # type: ignore[type-arg]
    """A task whose get_name must not be called while it is watched."""

    called = False

    def get_name(self) -> str:
        """Fail the test."""
        Odd.called = True
        raise RuntimeError


def test_no_code_of_the_program_runs(twin: SimpleNamespace, observe: Any) -> None:
    """A subclass is asked by the method of asyncio."""

    async def main() -> None:
        await Odd(work(), name="odd")

    found = tasks_of(observe(twin.TreeBuilder, run(main)))
    assert found['"odd"'] == (1, 2, 1)
    assert not Odd.called


def test_without_a_loop(twin: SimpleNamespace, observe: Any) -> None:
    """Stepped by hand there is no name to ask for; exceptions go their way."""

    async def fails() -> None:
        raise ValueError

    def by_hand() -> None:
        for coroutine in (work(0), fails()):
            with pytest.raises((StopIteration, ValueError)):
                coroutine.send(None)

    found = tasks_of(observe(twin.TreeBuilder, by_hand))
    assert found["work"] == (1, 1, 1)


def test_cancelled(twin: SimpleNamespace, observe: Any) -> None:
    """What is thrown into a task comes to its name."""

    async def main() -> None:
        task = asyncio.create_task(work(100), name="victim")
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    builder = observe(twin.TreeBuilder, run(main))
    tree = CallTree.from_image(builder.image())
    assert set(tree.task_names.values()) == {"victim"}
    (node,) = (n for n in tree.walk() if tree.ref(n).qualname == "work")
    assert (tree.calls[node], tree.throws[node], tree.unwinds[node]) == (1, 1, 1)
    assert tree.awaited[node] > 0


def test_recorded(twin: SimpleNamespace, observe: Any) -> None:
    """Events are those of the function; the serial of its frame goes on."""

    async def main() -> None:
        await asyncio.create_task(work(2), name="recorded")

    recording = Recording.from_image(observe(twin.Recorder, run(main)).image())
    rows = [
        (event.kind, event.frame)
        for event in recording
        if event.code.qualname == "work" and event.code.filename == __file__
    ]
    serial = rows[0][1]
    enter, suspend = EventKind.PY_RESUME, EventKind.PY_YIELD
    assert [kind for kind, _ in rows] == [
        EventKind.PY_START,
        *(suspend, enter, suspend, enter),
        EventKind.PY_RETURN,
    ]
    assert {frame for _, frame in rows} == {serial}


@pytest.mark.skipif(not HAS_MONITORING, reason="eager tasks are new in 3.12")
def test_eager(twin: SimpleNamespace, observe: Any) -> None:
    """Begun in the midst of another task it has its own name at once."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        # Until 3.13 create_task() gives the name when the first step is over.
        await asyncio.eager_task_factory(loop, work(2), name="eager")

    found = tasks_of(observe(twin.TreeBuilder, run(main)))
    assert found['"eager"'] == (1, 3, 1)


def test_nothing_is_kept(twin: SimpleNamespace, observe: Any) -> None:
    """A task that has a name dies as any other does."""
    made = []

    async def main() -> None:
        task = asyncio.create_task(work(), name="mortal")
        made.append(weakref.ref(task))
        await task

    builder = observe(twin.TreeBuilder, run(main))
    gc.collect()
    assert made[0]() is None
    assert '"mortal"' in tasks_of(builder)
