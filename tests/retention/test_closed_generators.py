"""Frames of generators that were closed at a `yield` are read only where that is safe.

3.13.0 to 3.13.5 leave pointers to freed objects in them (gh-125723).
"""

from __future__ import annotations

import gc
import opcode
import sys
from typing import TYPE_CHECKING, Any

import pytest

from frametools import _frame_values, retention
from frametools._frame_values import local_values, variables
from frametools._python import CLOSED_FRAMES_DANGLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


def generate(value: object) -> Iterator[FrameType]:
    """Yield its frame; nothing is guarded there, so to close it runs nothing."""
    local = [value]
    yield sys._getframe()
    local.clear()


@pytest.mark.skipif(not CLOSED_FRAMES_DANGLE, reason="nobody asks for it there")
def test_resume_is_known() -> None:
    """The number of the instruction behind a `yield` is that of this Python."""
    assert opcode.opmap["RESUME"] == _frame_values._RESUME


def named(frame: FrameType) -> list[str]:
    """Name the variables, both ways to ask being of one mind."""
    names = [name for name, _ in local_values(frame)]
    assert sorted(variables(frame)) == sorted(names)
    return names


def test_suspended() -> None:
    """While it waits its variables are read."""
    generator = generate(1)
    frame = next(generator)
    assert named(frame) == ["value", "local"]
    generator.close()


def test_left_by_an_exception() -> None:
    """So are those of one that an exception has left: they are there still."""
    generator: Any = generate(1)
    frame = next(generator)
    try:
        generator.throw(ValueError)
    except ValueError:
        pass
    assert named(frame) == ["value", "local"]
    del generator
    assert named(frame) == ["value", "local"]


def test_closed() -> None:
    """Of a closed one what is read is what was there, or nothing; its trace stays."""
    mine = object()
    generator: Any = generate(mine)
    frame = next(generator)
    frame.f_trace = trace = lambda *_: None
    generator.close()
    assert dict(local_values(frame)).get("value", mine) is mine
    assert frame.f_trace is trace
    del generator
    assert dict(local_values(frame)).get("value", mine) is mine
    assert set(named(frame)) <= {"value", "local"}
    frame.f_trace = None


def test_dropped() -> None:
    """One that was dropped is found, sized and let go of."""
    with retention.watch() as watched:
        frame = next(generate([0] * 100))
        other = next(sys._getframe() for _ in "ab")
    found = sorted(leak.frame.function.rpartition(".")[2] for leak in watched.leaks)
    assert found == ["<genexpr>", "generate"]
    del frame, other
    gc.collect()
    with retention.watch() as after:
        pass
    assert after.leaks == []


def test_nothing_is_read_of_freed_memory() -> None:
    """What is read while others use the memory anew is never theirs."""
    frames = [next(generate([number])) for number in range(100)]
    used = [[0] for _ in range(1000)]
    for number, frame in enumerate(frames):
        assert dict(local_values(frame)).get("value", [number]) == [number]
    del frames, used
