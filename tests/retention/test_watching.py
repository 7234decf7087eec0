"""What a part of a program leaves behind: blocks, threads, tasks; and letting go."""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import threading
from typing import Any

import pytest

from frametools import retention
from frametools.retention import Kind, Leak, watching
from frametools.retention.arguments import Seconds
from frametools.retention.finding import find
from frametools.retention.heap import _twin
from frametools.retention.report.text import report


def names(leaks: list[Leak]) -> list[str]:
    """Name the frame of each leak that keeps the most."""
    return [leak.frame.function for leak in leaks]


def test_watch(app: Any) -> None:
    """A block's leaks are there within it, and after it; smaller ones are left out."""
    with retention.watch(min_size="1 MiB") as watch:
        app.saved["error"] = app.small_error()
        assert watch.leaks == []
        app.class_attribute()
        assert names(watch.leaks) == ["load_big"]
        watch.leaks.clear()
    assert names(watch.leaks) == ["load_big"]
    with pytest.raises(AssertionError, match="load_big"):
        watch.assert_none()
    with retention.watch() as later:
        pass
    later.assert_none()


def test_a_watch_as_text(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`print(w)` is the report: before, within and after the block, of nothing too."""
    w = retention.watch()
    assert str(w) == "this watch has not been entered yet"
    assert repr(w) == "<Watch: not entered yet>"
    with w:
        assert repr(w) == "<Watch: within the block>"
        assert str(w) == "no frame is kept"
        app.class_attribute()
        within = str(w)
    assert str(w) == within == report(w.leaks, notes=retention.notes())
    assert "held by" in within
    with retention.watch() as nothing:
        pass
    assert (str(nothing), repr(nothing)) == (
        "no frame is kept",
        "<Watch: 0 kept, 0 bytes>",
    )
    assert re.fullmatch(r"<Watch: 1 kept, [\d.]+ MiB>", repr(w))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no memory")

    with retention.watch() as later:
        monkeypatch.setattr(watching, "find", fail)
        assert str(later) == "the look failed: OSError: no memory"
        monkeypatch.undo()
    assert str(later) == "no frame is kept"


def test_a_budget_in_seconds(app: Any) -> None:
    """It measures as far as the time goes, at least a little; and no frame is kept."""

    def keep(length: int) -> None:
        lists = [[n] for n in range(length)]
        assert lists
        app.saved["frame"] = sys._getframe()

    before = retention.snapshot()
    keep(20_000)
    sizes = [
        sum(leak.size for leak in find(before.baseline, budget=budget))
        for budget in (Seconds(0), Seconds(60), None)
    ]
    assert sizes[0] < sizes[1] == sizes[2]
    app.let_go()
    assert find(before.baseline, budget=Seconds(60)) == []


def test_an_exception_on_its_way(app: Any) -> None:
    """The frames of an exception that leaves the block are not held against it."""
    watch = retention.watch()
    with pytest.raises(RuntimeError), watch:
        app.load_big()
    assert watch.leaks == []


def test_snapshot_and_diff(app: Any) -> None:
    """What was there before is not told of; a snapshot may be asked again."""
    app.saved_exception()
    before = retention.snapshot()
    assert retention.diff(before) == []
    app.class_attribute()
    assert names(retention.diff(before, min_size="1 MiB")) == ["load_big"]
    app.let_go()
    assert retention.diff(before) == []
    callbacks = len(gc.callbacks)
    del before
    assert len(gc.callbacks) == callbacks - 1


def test_equal_ones_are_counted(app: Any) -> None:
    """Groups that look alike and are held alike are one leak."""
    before = retention.snapshot()
    for _ in range(1204):
        app.service.errors.append(app.small_error())
    (leak,) = retention.diff(before)
    assert (leak.count, leak.head) == (1204, "RuntimeError")
    path = leak.holders[0].path
    if _twin.NAME == "c":
        assert path == "app.service.errors[0]"
    else:  # it searches for the holders of a few only
        assert path.startswith("app.service.errors[")
    assert leak.each * 1204 == pytest.approx(leak.size, abs=1204)
    assert retention.release(leak) == 1204
    app.let_go()
    assert retention.diff(before) == []


def test_memory_kept_by_several(app: Any) -> None:
    """What two unequal groups keep together is told once, with both holders."""
    before = retention.snapshot()

    def caller() -> None:
        data = bytearray(app.SIZE)
        app.saved["first"] = app.small_error()
        app.service.error = ValueError()
        try:
            raise app.service.error
        except ValueError:
            assert data

    caller()
    (leak,) = retention.diff(before)
    assert leak.frame.function.endswith("caller")
    assert leak.frame.locals[0].name == "data"
    assert leak.size / app.SIZE == pytest.approx(1, rel=0.01)
    assert {holder.path for holder in leak.holders} == {
        "app.saved['first']",
        "app.service.error",
    }
    app.let_go()
    assert retention.diff(before) == []


def test_exceptions_that_lead_to_each_other(app: Any) -> None:
    """Each is an entry, and leads to the other: the search comes to an end."""
    before = retention.snapshot()
    app.exceptions_that_lead_to_each_other()
    leaks = retention.diff(before)
    assert sum(leak.size for leak in leaks) / app.SIZE == pytest.approx(2, rel=0.01)
    paths = {holder.path for leak in leaks for holder in leak.holders}
    assert paths >= {"app.saved['first']", "app.saved['second']"}
    app.let_go()
    assert retention.diff(before) == []


def test_release(app: Any) -> None:
    """The traceback's frames and the callers that have ended lose their variables."""
    before = retention.snapshot()
    app.caller()
    (leak,) = retention.diff(before)
    assert leak.frame.function == "caller"
    assert retention.release(leak) == 2
    rest = [found for found in retention.live() if found.head == "RuntimeError"]
    assert [(found.kind, found.size < 2000) for found in rest] == [(Kind.CLEARED, True)]
    assert retention.release(leak) == 0
    app.let_go()
    assert retention.diff(before) == []


@pytest.mark.parametrize(
    "situation",
    ["suspended_generator", "suspended_coroutine", "suspended_async_generator"],
)
def test_release_of_generators(app: Any, situation: str) -> None:
    """Suspended generators, coroutines and async generators are closed."""
    before = retention.snapshot()
    getattr(app, situation)()
    (leak,) = retention.diff(before)
    assert leak.kind is Kind.SUSPENDED
    assert retention.release(leak) == 1
    assert retention.diff(before) == []


def test_a_leak_keeps_nothing(app: Any) -> None:
    """While a leak is there, what it tells of dies as ever."""
    before = retention.snapshot()
    app.saved_exception()
    leaks = retention.diff(before)
    app.let_go()
    assert retention.diff(before) == []
    assert retention.release(leaks[0]) == 0
    assert Leak.from_dict(leaks[0].to_dict()) == leaks[0]


def test_other_threads(app: Any) -> None:
    """What another thread does beside the block is not the block's, unless asked."""
    begin, done, stop = threading.Event(), threading.Event(), threading.Event()

    def serve() -> None:
        begin.wait()
        app.saved["other"] = app.failed()
        done.set()
        stop.wait()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with (
            retention.watch(min_size="1 MiB") as mine,
            retention.watch(min_size="1 MiB", threads="all") as everyone,
        ):
            begin.set()
            done.wait()
        assert mine.leaks == []
        assert names(everyone.leaks) == ["load_big"]
        with retention.watch(min_size="1 MiB") as own:
            app.class_attribute()
        assert [leak.holders[0].path for leak in own.leaks] == [
            "app.Service.last_error"
        ]
    finally:
        stop.set()
        thread.join()


def test_a_thread_that_has_ended(app: Any) -> None:
    """What a thread of the block has left is the block's."""
    with retention.watch(min_size="1 MiB") as watch:
        thread = threading.Thread(target=app.saved_exception)
        thread.start()
        thread.join()
    assert names(watch.leaks) == ["load_big"]


def test_other_tasks(app: Any) -> None:
    """What another task does while the block waits is not the block's."""

    async def other(turns: list[asyncio.Event]) -> None:
        await turns[0].wait()
        app.saved["other"] = app.failed()
        turns[1].set()
        await turns[2].wait()

    async def main() -> list[list[str]]:
        turns = [asyncio.Event() for _ in range(3)]
        task = asyncio.create_task(other(turns))
        await asyncio.sleep(0)
        with (
            retention.watch(min_size="1 MiB") as mine,
            retention.watch(min_size="1 MiB", threads="all") as everyone,
        ):
            turns[0].set()
            await turns[1].wait()
        with retention.watch(min_size="1 MiB") as own:
            app.class_attribute()
        turns[2].set()
        await task
        return [names(watch.leaks) for watch in (mine, everyone, own)]

    assert asyncio.run(main()) == [[], ["load_big"], ["load_big"]]


def test_wrong_options() -> None:
    """A wrong size or word is one clear line."""
    with pytest.raises(ValueError, match="'much' is no size"):
        retention.watch(min_size="much")
    with pytest.raises(ValueError, match='threads is "current" or "all"'):
        retention.live(threads="some")  # type: ignore[arg-type]
