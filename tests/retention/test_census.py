"""Which frames are alive: what a baseline finds, whatever the collector does."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import pytest

from frametools.retention.heap import _twin, walks
from frametools.retention.heap.census import Baseline, is_kept, nursery
from frametools.retention.heap.marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def baseline() -> Iterator[Baseline]:
    """Give a baseline, closed in the end: no callback of the collector is left."""
    callbacks = list(gc.callbacks)
    made = Baseline()
    yield made
    made.close()
    assert gc.callbacks == callbacks


def ended() -> Any:
    """Return a frame that has ended."""
    return sys._getframe()


def numbers() -> Iterator[int]:
    """Yield for ever."""
    while True:
        yield 1


def suspended() -> Any:
    """Return a generator that waits."""
    generator = numbers()
    next(generator)
    return generator


COLLECTIONS = {
    "none": lambda: None,
    "young": lambda: gc.collect(0),
    "middle": lambda: gc.collect(1),
    "full": gc.collect,
    "twice": lambda: (gc.collect(1), gc.collect()),
}


@pytest.mark.parametrize("make", [ended, suspended])
@pytest.mark.parametrize("collect", COLLECTIONS.values(), ids=COLLECTIONS)
def test_new(baseline: Baseline, make: Any, collect: Any) -> None:
    """What was left since is found, whichever generation it is in by then."""
    old = make()
    baseline.renew()
    kept = make()
    collect()
    assert [found is kept for found in baseline.new()] == [True]
    baseline.renew()
    assert baseline.new() == []
    del kept, old
    assert baseline.new() == []


def test_running_frames_are_not_kept(baseline: Baseline) -> None:
    """Frames that run are none, asked for or not; nor are running generators."""
    baseline.renew()

    def generate() -> Iterator[list[Any]]:
        frame = sys._getframe()
        found = baseline.new()
        del frame
        yield found

    frame = sys._getframe()
    generator = generate()
    assert next(generator) == []
    del frame, generator
    assert baseline.new() == []


def test_unstarted_and_finished(baseline: Baseline) -> None:
    """A generator that has not begun keeps its arguments; one that ended nothing."""
    baseline.renew()
    unstarted, finished = numbers(), suspended()
    finished.close()
    assert [found is unstarted for found in baseline.new()] == [True]
    del unstarted
    assert baseline.new() == []


def test_async_generator_in_asend(baseline: Baseline) -> None:
    """One that waits within an `asend` is suspended, whatever ag_running says."""

    class Waiting:
        def __await__(self) -> Iterator[None]:
            yield

    async def generate() -> Any:
        await Waiting()
        yield 1

    baseline.renew()
    generator = generate()
    step = generator.asend(None)
    step.send(None)
    kinds = {type(found).__name__ for found in baseline.new()}
    assert kinds == {"async_generator", "generator"}
    step.close()
    del step, generator
    assert baseline.new() == []


def test_two_baselines(baseline: Baseline) -> None:
    """What one has made old is still new to the other, if it came after it."""
    baseline.renew()
    kept = ended()
    inner = Baseline()
    later = suspended()
    assert [found is later for found in inner.new()] == [True]
    inner.renew()
    assert inner.new() == []
    inner.close()
    assert {id(found) for found in baseline.new()} == {id(kept), id(later)}
    del kept, later
    assert baseline.new() == []


def test_marks_leave_what_was_there(baseline: Baseline) -> None:
    """A trace function that a frame has stays, behind the mark."""

    def trace(*_args: object) -> Any:
        return trace

    kept = ended()
    kept.f_trace = trace
    baseline.renew()
    mark = mark_of(kept)
    assert mark is not None
    assert mark.before is trace
    assert mark() is mark
    assert baseline.new() == []
    kept.clear()
    assert mark_of(kept) is None
    del kept, mark
    assert baseline.new() == []


def test_frozen_during_the_watch(baseline: Baseline) -> None:
    """What the program freezes cannot be seen; what it leaves otherwise is."""
    frozen = ended()
    count = gc.get_freeze_count()
    gc.freeze()
    try:
        kept = ended()
        found = baseline.new()
        assert any(each is kept for each in found)
        del found, kept
    finally:
        gc.unfreeze()
    assert gc.get_freeze_count() <= count
    del frozen
    gc.collect()
    assert baseline.new() == []


def test_full_scan(baseline: Baseline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector without generations is looked through as a whole."""
    monkeypatch.setattr(nursery, "is_usable", False)
    baseline.renew()
    kept = ended(), suspended()
    assert {id(found) for found in baseline.new()} == set(map(id, kept))
    baseline.renew()
    assert baseline.new() == []
    del kept
    assert baseline.new() == []


def test_old_garbage_is_collected_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made old by us is collected as often as the collector would have."""
    collected: list[int] = []
    baseline = Baseline()
    if gc.get_freeze_count():
        baseline.close()
        pytest.skip("frozen objects: the young are collected instead")
    monkeypatch.setattr(nursery, "_full_at", 100)
    monkeypatch.setattr(nursery, "_aged", 0)
    gc.callbacks.append(lambda phase, info: collected.append(info["generation"]))
    try:
        for _ in range(10):
            cycle: list[Any] = [[] for _ in range(50)]
            cycle.append(cycle)
            baseline.renew()
    finally:
        gc.callbacks.pop()
        baseline.close()
    assert 2 in collected


def test_twins_find_the_same() -> None:
    """The walks in C and in Python give the same objects."""
    frame, generator = ended(), suspended()
    error = ValueError(frame)
    holder = [error, generator]
    objects = [1, frame, generator, error, holder]
    for found in (walks.frames_in(objects), _twin.frames_in(objects)):
        assert [type(each).__name__ for each in found] == ["frame", "generator"]
    del found
    wanted = {id(frame), id(generator), id(error)}
    for walk in (walks.carriers, _twin.carriers):
        assert wanted <= set(map(id, walk()))
    for refer in (walks.referrers, _twin.referrers):
        found = refer([error, generator])
        assert id(holder) in set(map(id, found))
        del found
    assert is_kept(generator)


def test_referrers_of_many() -> None:
    """More targets than are compared at once are all asked for."""
    targets = [[] for _ in range(50)]  # type: ignore[var-annotated]
    holders = [[target] for target in targets]
    for refer in (walks.referrers, _twin.referrers):
        found = set(map(id, refer(targets)))
        assert set(map(id, holders)) <= found
        assert id(targets) not in found


def test_our_own_generators_are_not_noted() -> None:
    """The plugin's wrapper, which runs while it collects, makes no look a full one."""
    names = {"__name__": "frametools.pytest_plugin.detector", "gc": gc}
    exec("def run():\n    gc.collect(1)\n    yield", names)
    baseline = Baseline()
    try:
        running: Any = names["run"]
        next(running())
        assert not nursery._has_moved_frames()
        assert baseline.new() == []
    finally:
        baseline.close()
