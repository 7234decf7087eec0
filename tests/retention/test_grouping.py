"""What is told together: chains of exceptions, and generators in kept frames."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import FrameType
from typing import Any

from frametools import retention
from frametools.retention import Kind, Leak

MIB = 1 << 20


class _Stream:
    def __init__(self) -> None:
        self.lines = _suspended()
        next(self.lines)


def _suspended() -> Iterator[int]:
    data = bytearray(MIB)
    yield len(data)


def _fails() -> None:
    streams = [_Stream() for _ in range(3)]
    raise ValueError(len(streams))


def _caught() -> ValueError:
    try:
        _fails()
    except ValueError as error:
        return error
    raise AssertionError


def _kept() -> list[str]:
    """Name the functions of this file whose frames are there after a collection."""
    gc.collect()
    return [
        found.f_code.co_qualname
        for found in gc.get_objects()
        if type(found) is FrameType
        and found.f_code.co_filename == __file__
        and not found.f_code.co_name.startswith(("test_", "_kept"))
    ]


def _told(leaks: list[Leak]) -> list[tuple[str, Kind, int]]:
    return [(leak.frame.function, leak.kind, leak.size // MIB) for leak in leaks]


def test_generators_that_a_kept_frame_has(app: Any) -> None:
    """They die with the frame: no leaks of their own, and part of its size."""
    with retention.watch(min_size=1000) as watch:
        app.saved["error"] = _caught()
    assert _told(watch.leaks) == [("_fails", Kind.RETAINED, 3)]
    app.let_go()
    assert _kept() == []


def test_generators_that_somebody_else_has_too(app: Any) -> None:
    """One that is held besides is told of with its holder, and counts there."""
    with retention.watch(min_size=1000) as watch:
        app.saved["error"] = error = _caught()
        traceback = error.__traceback__
        assert traceback is not None
        assert traceback.tb_next is not None
        streams = traceback.tb_next.tb_frame.f_locals["streams"]
        app.saved["lines"] = streams[0].lines
        del error, traceback, streams
    assert _told(watch.leaks) == [
        ("_fails", Kind.RETAINED, 2),
        ("_suspended", Kind.SUSPENDED, 1),
    ]
    assert watch.leaks[1].holders[0].path == "app.saved['lines']"
    app.let_go()
    assert _kept() == []


def _server() -> Iterator[None]:
    errors = [_caught()]
    yield
    assert errors


def test_an_exception_that_a_suspended_frame_has(app: Any) -> None:
    """It is kept by what waits: a leak of its own, and its memory is counted once."""
    with retention.watch(min_size=100) as watch:
        app.saved["server"] = _server()
        next(app.saved["server"])
    assert _told(watch.leaks) == [
        ("_fails", Kind.RETAINED, 3),
        ("_server", Kind.SUSPENDED, 0),
    ]
    assert watch.leaks[0].holders[0].kind.startswith("local of suspended generator")
    app.let_go()
    assert _kept() == []


def _refused(first: type[Exception], last: type[Exception]) -> None:
    """Leave a cycle: both exceptions are variables of the frame that they have."""
    try:
        try:
            raise first
        except first as error:
            cause = error
            raise last from cause
    except last as error:
        kept = error
        assert kept


def test_the_last_of_a_chain_in_a_cycle() -> None:
    """The exception that the program has seen is named, not its cause."""
    for first, last in ((OSError, LookupError), (LookupError, OSError)):
        with retention.watch(cycles=True) as watch:
            _refused(first, last)
        assert [leak.head for leak in watch.leaks] == [last.__name__]
        assert watch.leaks[0].kind is Kind.CYCLE
        watch.leaks.clear()
    assert _kept() == []


def _called_below_a_generator(app: Any) -> None:
    lines = app.saved["lines"] = _suspended()
    next(lines)
    app.saved["error"] = _caught()
    assert lines


def test_a_generator_of_a_caller(app: Any) -> None:
    """One that a caller has in a variable, and somebody else, is its own matter."""
    with retention.watch(min_size=1000) as watch:
        _called_below_a_generator(app)
    assert _told(watch.leaks) == [
        ("_fails", Kind.RETAINED, 3),
        ("_suspended", Kind.SUSPENDED, 1),
    ]
    paths = [[holder.path for holder in leak.holders] for leak in watch.leaks]
    assert paths == [["app.saved['error']"], ["app.saved['lines']"]]
    app.let_go()
    assert _kept() == []
