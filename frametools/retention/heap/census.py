"""Which frames are alive: those that have ended, and suspended generators.

    gc.get_objects()             frames that have ended (`take_ownership` tracks them),
                                 generators, coroutines, async generators
    Baseline.renew()             everything is made old, in O(1): freeze and unfreeze
    Baseline.new()               what the young generations have, and what a collection
                                 has moved from there meanwhile

The collector tracks a frame object from the moment in which it outlives its call: those
of running frames are never seen. A full scan takes 20 to 40 ns per object; a look at
what was made since the last `renew` takes microseconds.
"""

from __future__ import annotations

import gc
import sys
from _thread import get_ident
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools._frame_values import frame_of
from frametools._python import FROZEN_AT_START
from frametools.monitor._twin import NAME, guard
from frametools.retention.heap._twin import frames_in
from frametools.retention.heap.marks import (
    GeneratorMark,
    Mark,
    mark,
    mark_generator,
    mark_of,
    mark_of_generator,
    own_mark,
)
from frametools.retention.holders.edges import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

_IS_RUNNING: dict[Any, Any] = {
    GeneratorType: GeneratorType.__dict__["gi_running"].__get__,
    CoroutineType: CoroutineType.__dict__["cr_running"].__get__,
}


def is_kept(found: Any) -> bool:
    """Tell if what was found is a frame that has ended, or waits suspended."""
    kind = type(found)
    if kind is FrameType:
        return True
    frame = frame_of(found)
    if frame is None:
        return False
    if kind is AsyncGeneratorType:  # its ag_running is about `asend`, not about code
        return all(frame is not other for other in running_frames())
    return not _IS_RUNNING[kind](found)


def running_frames() -> Iterator[FrameType]:
    """Yield the frames that all threads execute, each thread's innermost first."""
    for thread in running_threads().values():
        yield from thread


def running_threads() -> dict[int, list[FrameType]]:
    """Return what each thread executes, innermost first, by thread id.

    Our own frames in this thread are left out: they would come to refer to themselves,
    and so stay.
    """
    innermosts = {} if _are_several() else sys._current_frames()
    innermosts[get_ident()] = _caller()
    return {thread: _stack_of(innermost) for thread, innermost in innermosts.items()}


def running_here() -> list[FrameType]:
    """Return what this thread executes, innermost first, our own frames left out."""
    return _stack_of(_caller())


def _stack_of(innermost: FrameType) -> list[FrameType]:
    stack = [innermost]
    while (caller := stack[-1].f_back) is not None:
        stack.append(caller)
    return stack


def current_exceptions() -> dict[int, Any]:
    """Return what each thread handles, by thread id; as `sys._current_exceptions`."""
    return {} if _are_several() else sys._current_exceptions()


def _are_several() -> bool:
    """Tell if there are other interpreters.

    `sys._current_frames` and `sys._current_exceptions` walk the threads of all of them:
    if another one with a GIL of its own runs meanwhile, that crashes (3.12, 3.13). Then
    the calling thread is all that is looked at.
    """
    for name in ("_interpreters", "_xxsubinterpreters"):
        list_all = loaded(name, "list_all")
        if list_all is not None and len(list_all()) > 1:
            return True
    return False


def is_ours(frame: FrameType) -> bool:
    """Tell if a frame runs code of this package, its launcher or pytest plugin."""
    module = dict.get(frame.f_globals, "__name__")
    return type(module) is str and f"{module}.".startswith(_OURS)


_OURS = "frametools.retention.", "frametools.pytest_plugin.", "frametools._launch"


def _caller() -> FrameType:
    """Return the innermost frame of this thread that is not ours."""
    frame = sys._getframe(1)
    while is_ours(frame) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def notes() -> list[str]:
    """Return what could not be looked at, a line each; usually nothing."""
    frozen = gc.get_freeze_count()
    if frozen <= FROZEN_AT_START:
        return []
    return [f"{frozen:,} objects are frozen (gc.freeze) and were not looked at"]


def _is_generational() -> bool:
    """Tell if the collector has the young generations that are relied on here.

    Not if it is incremental, as in 3.14.0, or the build is free-threaded.
    """
    probe: list[object] = []
    was_young = any(found is probe for found in gc.get_objects(0))
    _make_old()
    return was_young and not any(
        found is probe for young in (0, 1) for found in gc.get_objects(young)
    )


def _collections() -> int:
    """Return how many collections there were that make young objects old.

    0 where that is not asked for, as it takes 3 us.
    """
    if not MAY_MISS:
        return 0
    return sum(of_generation["collections"] for of_generation in gc.get_stats()[1:])


MAY_MISS = NAME != "c"
"""From Python a collection at the recursion limit cannot be followed: the callback is
not even entered."""


def _make_old() -> bool:
    """Move all objects to the oldest generation; returns whether by freezing.

    That takes 4 to 13 us and frees nothing. What is frozen (375 objects from the start
    in 3.12, others by the program) must stay so: then the young are collected.
    """
    if gc.get_freeze_count():
        gc.collect(1)
        return False
    try:
        gc.freeze()
    finally:
        gc.unfreeze()
    return True


def may_be_referred_to(generator: Any) -> bool:
    """Tell if a weak reference to a generator would be cleared when that dies.

    `gen_dealloc` clears them before it runs the finalizer, in which the program or a
    collection may call us: one that is made then is left dangling, and crashes
    (docs/facts/scripts/dangling_reference.py). While its finalizer runs a generator is
    running, or has just ended; but a coroutine may not have begun (its warning is being
    shown), and an async generator may wait as ever (its event loop is being told).
    """
    if frame_of(generator) is None:
        return False
    if type(generator) is CoroutineType:
        return bool(_is_suspended(generator))
    return type(generator) is GeneratorType and not _IS_RUNNING[GeneratorType](
        generator
    )


_is_suspended: Any = CoroutineType.__dict__["cr_suspended"].__get__


class _Seen(ref[Any]):
    """A weak reference to a generator, and when that was first seen."""

    __slots__ = ("epoch", "number")

    number: int
    epoch: int


class _Nursery:
    """The young generations, shared by all baselines, and what has moved out of them.

    What is found young when a collection or a baseline makes it old is noted, by mark
    or weak reference. Only if a frame noted so is alive must all objects be searched.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.users = 0
        self.is_usable = False
        self._frames: list[ref[Mark]] = []
        self._generators: dict[int, _Seen] = {}
        """By id: when a generator was first seen; those that may not be referred to
        have a mark in their frame."""
        self._moved: dict[int, ref[Any]] = {}
        self._has_lost = False
        """Something could not be noted: nothing is known of what moved."""
        self._noted = 0
        """How many collections there should be, were none missed."""
        self._callback = guard(self.collecting)
        self._aged = 0
        self.objects = 0
        """How many there were when they were counted last."""
        self._full_at = 50_000
        self._is_aging = False

    # --- from the first baseline to the last ---

    def enter(self) -> None:
        """Begin to follow collections, and look at all objects once."""
        self.users += 1
        if self.users == 1:
            self.is_usable = _is_generational()
            self.settle()
            if self.is_usable:
                gc.callbacks.append(self._callback)

    def leave(self) -> None:
        """Stop following collections when the last baseline is gone."""
        self.users -= 1
        if self.users == 0:
            for index, callback in enumerate(gc.callbacks):
                if callback is self._callback:
                    del gc.callbacks[index]
                    break
            self._frames, self._moved, self._generators = [], {}, {}

    def _follows(self) -> bool:
        """Tell if nothing can have moved unseen: our callback is where it was."""
        return (
            self.is_usable
            and not self._has_lost
            and self._noted == _collections()
            and any(callback is self._callback for callback in gc.callbacks)
        )

    def collecting(self, phase: str, info: dict[str, int]) -> None:
        """Before a collection moves young objects: the collector calls this."""
        if phase == "start" and info["generation"]:
            try:
                if not self._is_aging:
                    self.note(_young())
            except BaseException as error:
                self._has_lost = True
                if not isinstance(error, (RecursionError, MemoryError)):
                    raise
            self._noted += MAY_MISS

    # --- what has been seen ---

    def note(self, found: list[Any]) -> None:
        """Remember what is about to become old."""
        if len(self._frames) > 1000:
            self._frames[:] = [mark for mark in self._frames if mark() is not None]
        for kept in found:
            if type(kept) is FrameType:
                if mark_of(kept) is None:
                    self._frames.append(own_mark(kept, self.epoch))
            elif self.epoch_of(kept) is None:
                self._note_generator(kept)

    def _note_generator(self, kept: Any) -> None:
        if may_be_referred_to(kept):
            self._see(kept, self.epoch)
            self._moved[id(kept)] = self._generators[id(kept)]
            return
        frame = frame_of(kept)
        # The plugin's own wrapper runs at each collection that it asks for: were it
        # noted, every test would be followed by a look at everything.
        if frame is not None and not is_ours(frame):
            own = GeneratorMark(self.epoch, is_shared=False)
            if mark_generator(frame, own):
                self._frames.append(ref(own))
            else:
                self._has_lost = True

    def see_all(self, found: list[Any]) -> None:
        """Mark everything found as seen in this epoch."""
        shared = Mark(self.epoch, is_shared=True)
        of_generators = GeneratorMark(self.epoch, is_shared=True)
        for kept in found:
            if type(kept) is FrameType:
                mark(kept, shared)
            elif self.epoch_of(kept) is None:
                if may_be_referred_to(kept):
                    self._see(kept, self.epoch)
                elif (frame := frame_of(kept)) is not None:
                    mark_generator(frame, of_generators)

    def epoch_of(self, kept: Any) -> int | None:
        """Tell when something was first seen; None: not yet."""
        if type(kept) is FrameType:
            found = mark_of(kept)
            return None if found is None else found.epoch
        seen = self._generators.get(id(kept))
        if seen is not None:
            return seen.epoch
        frame = frame_of(kept)
        in_frame = None if frame is None else mark_of_generator(frame)
        return None if in_frame is None else in_frame.epoch

    def _see(self, generator: Any, epoch: int) -> None:
        self._generators[id(generator)] = seen = _Seen(generator, self._forget)
        seen.number, seen.epoch = id(generator), epoch

    def _forget(self, gone: _Seen) -> None:
        self._generators.pop(gone.number, None)
        self._moved.pop(gone.number, None)

    # --- looking ---

    def look(self) -> list[Any]:
        """Return what may have been made since the last time all was made old."""
        young = _young()  # first: to look may be what brings a collection about
        if not self._follows() or self._has_moved_frames():
            return frames_in(gc.get_objects())
        others = list(self._moved.values())
        moved = [found for of in others if (found := of()) is not None]
        return young + moved

    def _has_moved_frames(self) -> bool:
        self._frames[:] = [mark for mark in self._frames if mark() is not None]
        return bool(self._frames)

    def age(self) -> None:
        """Make all objects old, so that the young ones are those made since."""
        if not self.is_usable:
            return
        made = gc.get_count()[0]
        self._is_aging = True
        try:
            if _make_old():
                self._aged += made
                self._collect_in_time()
        finally:
            self._is_aging = False

    def settle(self) -> None:
        """Forget what has moved: all of it has been seen, and is new to nobody."""
        self._frames.clear()
        self._moved.clear()
        self._has_lost = False
        self._noted = _collections()

    def expect(self, objects: int) -> None:
        """Take note of how many objects there are.

        When a quarter more has been made old, all are collected, as
        `long_lived_pending` makes the collector do.
        """
        self.objects = objects
        self._full_at = max(50_000, objects // 4)

    def _collect_in_time(self) -> None:
        """Collect when the collector itself would have, had nothing been made old.

        It counts what a collection of its own has moved only: without this, garbage
        cycles of a long run of tests would stay.
        """
        if self._aged > self._full_at and gc.isenabled():
            gc.collect()
            self._aged = 0
            self.expect(len(gc.get_objects()))


def _young() -> list[Any]:
    return frames_in(gc.get_objects(0)) + frames_in(gc.get_objects(1))


nursery = _Nursery()


class Baseline:
    """A moment: what is alive then is old, what comes after it is new.

    The first one looks at all objects, 20 to 40 ns each. `close` it in the end: until
    then it has a callback in `gc.callbacks`.
    """

    def __init__(self) -> None:
        self.is_open = True
        self._since = 0
        try:
            nursery.enter()
            objects = gc.get_objects()
            nursery.expect(len(objects))
            found = frames_in(objects)
            del objects
            if nursery.users > 1:
                nursery.note(found)
            else:
                nursery.see_all(found)
            self._begin()
        except BaseException:
            self.close()
            raise

    def renew(self) -> None:
        """Make the moment now. About 10 us if little was made since the last."""
        found = nursery.look()
        if nursery.users > 1:
            nursery.note(found)  # to another baseline it may be new
        else:
            nursery.see_all(found)
            nursery.settle()
        self._begin()

    def _begin(self) -> None:
        self._since = nursery.epoch
        nursery.epoch += 1
        nursery.age()

    def new(self) -> list[Any]:
        """Return the frames that ended and the suspended generators made since.

        Some may be garbage that waits for the collector. About 10 us if little was
        made.
        """
        return [
            found for found in nursery.look() if self.is_new(found) and is_kept(found)
        ]

    def is_new(self, found: Any) -> bool:
        """Tell if a frame or generator was first seen after the moment."""
        epoch = nursery.epoch_of(found)
        return epoch is None or epoch > self._since

    def close(self) -> None:
        """End: follow collections no more. Harmless if done again."""
        if self.is_open:
            self.is_open = False
            nursery.leave()
