"""What a part of a program leaves behind: `watch`, `snapshot` and `diff`, `live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools.retention.amounts import format_amount, parse_amount
from frametools.retention.arguments import (
    check_budget,
    check_cycles,
    check_ignore,
    check_is,
    check_threads,
)
from frametools.retention.finding import BUDGET, find
from frametools.retention.heap.census import Baseline, notes
from frametools.retention.holders.edges import carried_by
from frametools.retention.owners import Owners

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType
    from typing import Literal, Self

    from frametools.retention.leaks import Leak

    Threads = Literal["current", "all"]


def live(
    *,
    min_size: int | str = 0,
    cycles: bool = False,
    threads: Threads = "all",
    ignore: Callable[[Any], bool] | None = None,
    budget: int | None = BUDGET,
) -> list[Leak]:
    """Return every frame that is kept and every suspended generator, grouped.

    The largest first. `min_size` is a number of bytes or text such as "1 MiB": smaller
    leaks are left out. `cycles` adds garbage that waits for the collector. `threads` is
    "current" for what the calling thread and asyncio task left. `ignore` is asked about
    each frame that has ended and each suspended generator. `budget` bounds the objects
    that are counted for one size; None is no bound. Cost: see `finding.find`. TypeError
    or ValueError, in one sentence, for other options; so do `watch` and `diff`.
    """
    check_cycles(cycles)
    check_ignore(ignore)
    check_budget(budget)
    return find(
        None,
        min_size=parse_amount(min_size),
        cycles=cycles,
        owners=Owners(only_current=_only_current(threads)),
        ignore=ignore,
        budget=budget,
    )


class Watch:
    """What is kept of a block: the `with` statement's object. `print` reports it."""

    def __init__(self, min_size: int, cycles: bool, threads: Threads) -> None:
        check_cycles(cycles)
        self._min_size = min_size
        self._cycles = cycles
        self._only_current = _only_current(threads)
        self._baseline: Baseline | None = None
        self._owners = Owners()
        self._leaks: list[Leak] | None = None
        self._failure: Exception | None = None

    def __enter__(self) -> Self:
        if self._baseline is not None:
            raise RuntimeError("this watch has been entered already")
        self._failure = None
        self._owners = Owners(only_current=self._only_current)
        self._baseline = Baseline()
        return self

    def __exit__(
        self, kind: object, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        passing = _frames_of(error)
        try:
            self._leaks = self._find(lambda kept: id(frame_of(kept)) in passing)
        except Exception as failure:
            if error is None:
                raise
            # Not to replace what leaves the block; `leaks` raises it.
            self._failure = failure.with_traceback(None)
        finally:
            del error, traceback
            if self._baseline is not None:
                self._baseline.close()
                self._baseline = None

    def _find(self, ignore: Callable[[Any], bool] | None = None) -> list[Leak]:
        return find(
            self._baseline,
            min_size=self._min_size,
            cycles=self._cycles,
            owners=self._owners,
            ignore=ignore,
        )

    @property
    def leaks(self) -> list[Leak]:
        """What the block has left, the largest first; within it: what it has so far."""
        if self._baseline is not None:
            return self._find()
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        return list(self._leaks or ())

    def __str__(self) -> str:
        """Report what the block has left, or so far; raises no error of the look."""
        if self._leaks is None and self._baseline is None and self._failure is None:
            return "this watch has not been entered yet"
        failure, found = self._failure, []
        if failure is None:  # else `leaks` raises it, with an entry for each reader
            try:
                found = self.leaks
            except Exception as error:
                failure = error
        if failure is not None:
            return f"the look failed: {type(failure).__name__}: {failure}"
        if not found:
            return "no frame is kept"
        from frametools.retention.report.text import report

        return report(found, notes=notes())

    def __repr__(self) -> str:
        """Say in one line how far it is; looks at nothing."""
        if self._baseline is not None:
            return "<Watch: within the block>"
        if self._failure is not None:
            return "<Watch: the look failed>"
        if self._leaks is None:
            return "<Watch: not entered yet>"
        number = sum(leak.count for leak in self._leaks)
        amount = format_amount(sum(leak.size for leak in self._leaks))
        least = ">= " if any(leak.is_partial for leak in self._leaks) else ""
        return f"<Watch: {number:,} kept, {least}{amount}>"

    def assert_none(self) -> None:
        """Raise AssertionError, with the report, if anything was left."""
        __tracebackhide__ = True
        found = self.leaks
        if found:
            from frametools.retention.report.text import report

            raise AssertionError(report(found, notes=notes()))


def watch(
    *, min_size: int | str = 0, cycles: bool = False, threads: Threads = "current"
) -> Watch:
    """Watch a block for the frames that it leaves behind.

        with watch(min_size="1 MiB") as w:
            handler()
        print(w)  # the report
        w.assert_none()

    Frames of an exception that leaves the block are not counted: they are on their way.
    Options are those of `live`, but by default only what the calling thread and asyncio
    task leave. Cost: to enter, a look at all objects (10 ns each in C, 30 in Python);
    to leave, some 20 us if nothing was left.
    """
    return Watch(parse_amount(min_size), cycles, threads)


class Snapshot:
    """A moment that `diff` compares with; nothing that is alive then is kept by it.

    While it lives the collector calls it back, in microseconds, before collections.
    """

    def __init__(self) -> None:
        self.baseline = Baseline()

    def __del__(self) -> None:
        baseline = self.__dict__.get("baseline")
        if baseline is not None:
            baseline.close()


def snapshot() -> Snapshot:
    """Take note of the frames that are alive now. 10 to 30 ns per object."""
    return Snapshot()


def diff(
    before: Snapshot,
    *,
    min_size: int | str = 0,
    cycles: bool = False,
    threads: Threads = "all",
) -> list[Leak]:
    """Return what is kept now and was not there at a snapshot, the largest first.

    Options are those of `live`.
    """
    check_is(before, Snapshot, "diff compares with what snapshot() has returned")
    check_cycles(cycles)
    return find(
        before.baseline,
        min_size=parse_amount(min_size),
        cycles=cycles,
        owners=Owners(only_current=_only_current(threads)),
    )


def _only_current(threads: str) -> bool:
    check_threads(threads)
    return threads == "current"


def _frames_of(error: BaseException | None) -> set[int]:
    """Return the ids of the frames that an exception keeps, and of their callers.

    Its causes, contexts and group members keep some too.
    """
    found: set[int] = set()
    seen: set[int] = set()
    errors = [error]
    while errors:
        each = errors.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        traceback, *others = carried_by(each)
        errors += others
        while traceback is not None:
            frame: FrameType | None = traceback.tb_frame
            while frame is not None and id(frame) not in found:
                found.add(id(frame))
                frame = frame.f_back
            traceback = traceback.tb_next
    return found
