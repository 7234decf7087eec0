"""Calls by task: where a task begins, whose they are, and the tree under such roots."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from frametools._image import Image, layout
from frametools.calltree import CallTree
from frametools.calltree.tasks import MOST, find_tasks, measure_tasks
from frametools.events import CodeRef
from frametools.profile import Profiler

COROUTINE = 4
EVENTS, TASKS, BASE = (
    f"/lib/asyncio/{name}.py" for name in ("events", "tasks", "base_events")
)


class Grower:
    """Grows a tree by names: `add(parent, "f")`, a coroutine with `awaits`."""

    def __init__(self) -> None:
        self.image = Image()
        self.root = self.image.add_thread("MainThread").root

    def add(
        self,
        parent: int,
        name: str,
        *,
        file: str = "/src/app.py",
        awaits: bool = False,
        wall: int = 0,
        calls: int = 1,
        **columns: int,
    ) -> int:
        """Add a node; gives its number."""
        code = CodeRef(name, file, 1)
        codes = self.image.codes
        if code not in codes:
            codes.append(code)
        flags = COROUTINE if awaits else 0
        node = self.image.add_node(parent, codes.index(code), flags)
        self.image.wall[node], self.image.calls[node] = wall, calls
        for column, value in columns.items():
            getattr(self.image, column)[node] = value
        return node

    def loop(self, parent: int, wall: int = 0) -> int:
        """Add what an event loop of asyncio runs everything below."""
        return self.add(parent, "Handle._run", file=EVENTS, wall=wall)

    def tree(self) -> CallTree:
        """Make the tree."""
        return CallTree.from_image(self.image)


@pytest.fixture
def grower() -> Grower:
    """Return a tree with nothing but a thread."""
    return Grower()


def of_nodes(tree: CallTree) -> dict[int, str]:
    """The task of each node, "" for none."""
    tasks = tree.tasks()
    titles = [*(kind.title for kind in tasks.kinds), ""]
    return {node: titles[tasks.of_node[node]] for node in range(1, len(tree) + 1)}


def test_without_a_coroutine_there_is_no_task(grower: Grower) -> None:
    """A program that uses no event loop has no tasks, and the same roots as ever."""
    node = grower.add(grower.root, "main", wall=9)
    tree = grower.tree()
    assert tree.tasks().kinds == []
    assert of_nodes(tree) == {grower.root: "", node: ""}
    assert tree.by_task() == tree


def test_the_outermost_coroutine_is_the_task(grower: Grower) -> None:
    """What it awaits and calls is its own; what the loop calls is nobody's."""
    run = grower.loop(grower.root)
    task = grower.add(run, "fetch", awaits=True, calls=3)
    inner = grower.add(task, "read", awaits=True)
    below = grower.add(inner, "parse")
    timer = grower.add(run, "on_timer")
    found = of_nodes(grower.tree())
    assert found == {
        grower.root: "",
        run: "",
        task: "fetch",
        inner: "fetch",
        below: "fetch",
        timer: "",
    }


def test_a_coroutine_that_a_function_drives_stays_in_its_task(grower: Grower) -> None:
    """By hand, with send(), a task may step what it likes."""
    task = grower.add(grower.loop(grower.root), "fetch", awaits=True)
    by_hand = grower.add(grower.add(task, "drive"), "other", awaits=True)
    assert of_nodes(grower.tree())[by_hand] == "fetch"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("create_task", TASKS),
        ("BaseEventLoop.create_task", BASE),
        ("Handle._run", EVENTS),
    ],
    ids=["asyncio.create_task", "loop.create_task", "a loop in a task"],
)
def test_a_task_may_begin_in_another(grower: Grower, name: str, file: str) -> None:
    """Begun eagerly, or run by an event loop inside of a task."""
    task = grower.add(grower.loop(grower.root), "fetch", awaits=True)
    step = grower.add(task, name, file=file)
    between = grower.add(step, "factory")
    inner = grower.add(between, "child", awaits=True)
    found = of_nodes(grower.tree())
    assert found[inner] == "child"
    assert found[step] == found[between] == "fetch"


def test_a_function_of_the_program_is_not_asyncios(grower: Grower) -> None:
    """Only asyncio's own create_task is one."""
    task = grower.add(grower.loop(grower.root), "fetch", awaits=True)
    step = grower.add(task, "create_task", file="/src/tasks.py")
    inner = grower.add(step, "child", awaits=True)
    assert of_nodes(grower.tree())[inner] == "fetch"


def test_the_figures_of_tasks(grower: Grower) -> None:
    """How many began, how often they ran; times and calls of all that they did."""
    run = grower.loop(grower.root, wall=100)
    task = grower.add(run, "fetch", awaits=True, wall=60, calls=2, resumes=5, throws=1)
    grower.image.awaited[task] = 700
    grower.image.off[task] = 10
    inner = grower.add(task, "read", awaits=True, wall=20, calls=2)
    grower.image.awaited[inner] = 300
    grower.add(run, "tick", awaits=True, wall=30)
    fetch, tick, rest = measure_tasks(grower.tree())
    assert [row.kind.label for row in (fetch, tick)] == ["task fetch", "task tick"]
    assert (fetch.kind[2:], fetch[1:]) == ((2, 8, 1), (4, 50, 60, 700))
    assert (tick.kind[2:], tick[1:]) == ((1, 1, 1), (1, 30, 30, 0))
    assert (rest.kind[2:], rest[1:]) == ((0, 0, 0), (1, 20, 10, 0))


def test_tasks_of_all_threads_are_one(grower: Grower) -> None:
    """The same coroutine in two threads is one root."""
    grower.add(grower.loop(grower.root), "fetch", awaits=True)
    other = grower.image.add_thread("worker").root
    grower.add(grower.loop(other), "fetch", awaits=True, calls=4)
    (kind,) = grower.tree().tasks().kinds
    assert kind.tasks == 5


def test_by_task_has_the_same_calls_and_self_times(grower: Grower) -> None:
    """Roots for tasks, then for threads; nothing is lost, and nothing counts twice."""
    run = grower.loop(grower.root, wall=100)
    task = grower.add(run, "fetch", awaits=True, wall=60, awaited=500)
    grower.add(task, "parse", wall=20)
    again = grower.loop(grower.add(grower.root, "again", wall=50), wall=40)
    grower.add(grower.add(again, "fetch", awaits=True, wall=30), "parse", wall=10)
    grower.image.cost_outside_ns = 3.0
    grower.image.cost_inside_ns = 1.0
    tree = grower.tree()
    roots = tree.by_task()
    names = [thread.name for thread in roots.threads]
    assert names == ["task fetch", "MainThread"]
    times = roots.times()
    assert sum(times.self_wall) == sum(tree.times().self_wall)
    row = measure_tasks(tree)[0]
    assert times.cum_wall[roots.threads[0].root] == row.wall
    assert roots.awaited[roots.threads[0].root] == row.awaited == 500
    (fetch,) = roots.children(roots.threads[0].root)
    assert (roots.ref(fetch).qualname, roots.calls[fetch]) == ("fetch", 2)
    assert roots.wall[fetch] == 90
    assert [roots.ref(at).qualname for at in roots.walk(roots.threads[1].root)] == [
        "MainThread",
        "Handle._run",
        "again",
        "Handle._run",
    ]
    raw = roots.times(raw=True)
    assert raw.cum_wall[roots.threads[1].root] == 60


def test_what_is_beyond_the_bound_is_together(grower: Grower) -> None:
    """The heaviest have roots of their own; of any number there are not more."""
    run = grower.loop(grower.root)
    for number in range(MOST + 5):
        grower.add(run, f"job{number}", awaits=True, wall=number, calls=2)
    tasks = grower.tree().tasks()
    assert len(tasks.kinds) == MOST
    others = tasks.kinds[-1]
    assert (others.label, others.kinds, others.tasks) == ("other tasks", 6, 12)
    assert tasks.kinds[0].title == f"job{MOST + 4}"
    assert [tasks.of_node[node] for node in tasks.begins[:7]] == [MOST - 1] * 6 + [98]
    few = find_tasks(grower.tree(), most=1)
    assert [kind.kinds for kind in few.kinds] == [MOST + 5]


def test_names_are_kept_in_the_file(grower: Grower) -> None:
    """A name stands beside the code that begins the task; damage costs the name."""
    run = grower.loop(grower.root)
    grower.add(run, "work", awaits=True)
    code = CodeRef("work", "/src/app.py", 1)
    grower.image.codes.append(code)
    last = len(grower.image.codes) - 1
    node = grower.image.add_node(run, last, COROUTINE)
    grower.image.calls[node] = 7
    number = last.to_bytes(4, sys.byteorder)
    grower.image.notes = [
        (layout.META_TASK, number + b"crawler"),
        (layout.META_TASK, b"\xff" * 4 + b"no such code"),
        (layout.META_TASK, b"x"),
    ]
    tree = grower.tree()
    for each in (tree, CallTree.from_image(tree.to_image())):
        assert each.task_names == {last: "crawler"}
        found = {kind.title: kind.tasks for kind in each.tasks().kinds}
        assert found == {"work": 1, '"crawler"': 7}
    assert tree.by_task().threads[0].name == "task work"
    (row,) = (row for row in tree.functions() if row.code == code)
    assert row.calls == 8


def named(name: str) -> CallTree:
    """Make the tree of a run with a task of that name, and one without."""
    grower = Grower()
    run = grower.loop(grower.root)
    grower.add(run, "work", awaits=True, calls=2)
    grower.image.codes.append(CodeRef("work", "/src/app.py", 1))
    last = len(grower.image.codes) - 1
    grower.image.calls[grower.image.add_node(run, last, COROUTINE)] = 3
    record = last.to_bytes(4, sys.byteorder) + name.encode()
    grower.image.notes = [(layout.META_TASK, record)]
    return grower.tree()


def test_names_in_a_sum() -> None:
    """Tasks of a name are one in all files; comparing does not look at names."""
    tree = named("a").merge(named("b"), named("a"))
    found = {kind.title: kind.tasks for kind in tree.tasks().kinds}
    assert found == {"work": 6, '"a"': 6, '"b"': 3}
    assert named("a") == named("b")
    assert named("a").diff(named("b")) == []
    assert found == {
        kind.title: kind.tasks
        for kind in CallTree.from_image(tree.to_image()).tasks().kinds
    }


async def leaf(times: int) -> int:
    """Suspend so often."""
    for _ in range(times):
        await asyncio.sleep(0)
    return times


async def middle() -> None:
    """Await in the same task, then in others."""
    await leaf(1)
    await asyncio.gather(leaf(2), leaf(3))


def profiled(main: Callable[[], Coroutine[Any, Any, None]]) -> CallTree:
    """Run a coroutine function in a loop under the profiler."""
    with Profiler() as profiler:
        asyncio.run(main())
    return profiler.tree


def steps(tree: CallTree) -> dict[str, tuple[int, int]]:
    """Tasks and steps by title, asyncio's own left out."""
    return {
        kind.title: (kind.tasks, kind.steps)
        for kind in tree.tasks().kinds
        if kind.code and kind.code.filename == __file__
    }


def test_a_real_loop() -> None:
    """Tasks of gather are tasks; what is awaited is a part of its awaiter."""
    assert steps(profiled(middle)) == {"middle": (1, 3), "leaf": (2, 7)}


def test_what_is_thrown_into_a_task_begins_none(grower: Grower) -> None:
    """An exception comes to the innermost coroutine first: no task of its own."""
    run = grower.loop(grower.root)
    thrown = grower.add(run, "read", awaits=True, calls=0, throws=2)
    below = grower.add(thrown, "clean_up")
    inner = grower.add(thrown, "close", awaits=True)
    task = grower.add(run, "fetch", awaits=True, throws=2)
    assert of_nodes(grower.tree()) == {
        **dict.fromkeys((grower.root, run, thrown, below, inner), ""),
        task: "fetch",
    }


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in 3.12")
def test_a_real_eager_task() -> None:
    """It begins within its maker, and goes on under the loop: one task."""

    async def eager() -> None:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await asyncio.create_task(leaf(2))

    tree = profiled(eager)
    assert steps(tree)["leaf"] == (1, 3)


def test_no_frame_is_kept() -> None:
    """What a task held dies with it; neither the tree nor its tasks keep it."""

    class Thing:
        pass

    made = []

    async def use() -> None:
        thing = Thing()
        made.append(weakref.ref(thing))
        await asyncio.create_task(leaf(1), name="held")

    tree = profiled(use)
    assert tree.by_task().tasks().kinds
    gc.collect()
    assert made[0]() is None
