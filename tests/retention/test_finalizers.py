"""Looking from within the finalizer of a generator, and while one runs.

CPython clears the weak references to a generator before it runs its finalizer: one that
is made in there is never cleared (docs/facts/scripts/dangling_reference.py).
"""

from __future__ import annotations

import gc
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from frametools import retention
from frametools.retention.heap.census import nursery
from frametools.retention.heap.marks import mark_of_generator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

PROGRAM = """
import gc, sys
from frametools import retention

looks = []

def generate(look):
    try:
        yield
    finally:
        looks.append(look())

def watched():
    with retention.watch() as watch:
        gc.collect(1)
    return watch

for look in (retention.snapshot, watched):
    for _ in range(200):
        generator = generate(look)
        next(generator)
        del generator
        reused = [bytearray(n) for n in range(400)]  # where the generators were
    if look is watched:
        assert [watch.leaks for watch in looks] == [[]] * 200
    else:
        assert retention.diff(looks[0]) == []
    looks.clear()
    gc.collect()
print("no frame is kept:", retention.live() == [])
"""


def test_no_crash_in_a_finalizer() -> None:
    """Looks from a dropped generator's `finally` are good, and can be dropped."""
    command = [sys.executable, "-X", "faulthandler", "-c", PROGRAM]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout == "no frame is kept: True\n"


def referred_to(found: object) -> bool:
    """Tell if the looks have a weak reference to a generator."""
    return id(found) in nursery._generators


def marked(frame: Any) -> bool:
    """Tell if a generator has a mark in its frame."""
    return mark_of_generator(frame) is not None


def generator_that(look: Callable[[], Any]) -> Iterator[None]:
    """Look when it is closed."""
    try:
        yield
    finally:
        look()


LOOKS = {
    "snapshot": retention.snapshot,
    "renew": lambda: renewed(retention.snapshot()),
    "second": lambda: [retention.snapshot(), retention.snapshot()],
    "collection": lambda: (retention.snapshot(), gc.collect(1)),
}


def renewed(moment: retention.Snapshot) -> retention.Snapshot:
    """Make a snapshot one of now."""
    moment.baseline.renew()
    return moment


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_finalized_generators_are_not_referred_to(look: Callable[[], Any]) -> None:
    """Whatever looks, there is no weak reference to one whose finalizer runs."""
    kept: list[Any] = [retention.snapshot()]
    generator = generator_that(lambda: kept.append(look()))
    next(generator)
    number = id(generator)
    gc.collect()  # and the reference that this makes is cleared in time
    del generator
    assert len(kept) == 2
    assert number not in nursery._generators
    assert retention.diff(kept[0]) == []


def test_a_coroutine_that_never_began() -> None:
    """Its warning is shown while it is finalized: it has a mark in its frame."""

    async def begin() -> None: ...

    found = []
    never = begin()
    moment = retention.snapshot()
    assert not referred_to(never)
    assert retention.diff(moment) == []  # but it is not new
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *_: found.append(retention.snapshot())
        number = id(never)
        del never
    assert len(found) == 1
    assert number not in nursery._generators
    assert retention.diff(moment) == []


def test_async_generators_have_a_mark() -> None:
    """Their finalizer is the event loop's, and they wait while it runs."""

    async def generate() -> AsyncIterator[int]:
        yield 1

    finalized: list[Any] = []
    hooks = sys.get_asyncgen_hooks()
    moment = retention.snapshot()
    sys.set_asyncgen_hooks(finalizer=lambda _: finalized.append(retention.snapshot()))
    try:
        generator: Any = generate()
        with pytest.raises(StopIteration):
            generator.asend(None).send(None)
        number = id(generator)
        gc.collect()
        assert not referred_to(generator)
        assert marked(generator.ag_frame)
        assert len(retention.diff(moment)) == 1
        del generator
    finally:
        sys.set_asyncgen_hooks(*hooks)
    assert len(finalized) == 1
    assert number not in nursery._generators
    finalized.clear()
    assert retention.diff(moment) == []


def test_running_at_the_snapshot_is_not_new() -> None:
    """A generator that takes a snapshot and then waits was there, as a fixture is."""

    def fixture() -> Iterator[retention.Snapshot]:
        yield retention.snapshot()

    generator = fixture()
    moment = next(generator)
    assert retention.diff(moment) == []
    gc.collect()
    assert retention.diff(moment) == []
    del generator
    assert retention.diff(moment) == []


def test_running_in_a_collection_is_found_later() -> None:
    """What a collection has made old while it ran is found when it waits."""

    def collects() -> Iterator[None]:
        gc.collect(1)
        gc.collect()
        yield

    with retention.watch() as watch:
        generator = collects()
        next(generator)
        found = watch.leaks
        del generator
    assert [leak.kind for leak in found] == [retention.Kind.SUSPENDED]
    assert watch.leaks == []


def test_frame_of_a_generator_that_fails_is_new() -> None:
    """A mark that was put while a generator ran does not hide its frame afterwards."""
    moments: list[retention.Snapshot] = []

    def fails() -> Iterator[None]:
        moments.append(retention.snapshot())
        raise ValueError
        yield

    generator = fails()
    kept = []
    try:
        next(generator)
    except ValueError as error:
        kept.append(error)
    del generator
    [leak] = retention.diff(moments[0])
    assert leak.kind == retention.Kind.RETAINED
    kept.clear()
    assert retention.diff(moments[0]) == []


def test_traced_generators_keep_their_trace_function() -> None:
    """A running generator that is traced is traced on, unseen."""
    lines: list[int] = []

    def trace(frame: Any, event: str, _argument: object) -> Any:
        if frame.f_code is generate.__code__:
            lines.append(event == "line")
        return trace

    def generate() -> Iterator[retention.Snapshot]:
        moment = retention.snapshot()
        gc.collect(1)
        yield moment

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        generator = generate()
        moment = next(generator)
    finally:
        sys.settrace(before)
    assert generator.gi_frame.f_trace is trace  # type: ignore[attr-defined]
    assert sum(lines) == 3
    del generator
    assert retention.diff(moment) == []
