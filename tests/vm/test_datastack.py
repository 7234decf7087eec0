"""The data stack: where the frames of a thread would lie."""

from __future__ import annotations

import sys
from typing import Any

from frametools.vm.datastack import DATA_STACK_CHUNK_SIZE, layout, place
from frametools.vm.frame_object import FrameObject
from frametools.vm.vm import VM


def frames_of(depth: int) -> list[Any]:
    """Return as many frames, the outermost first."""

    def deep(left: int) -> Any:
        return sys._getframe() if left <= 1 else deep(left - 1)

    vm = VM()
    deep = vm.function(deep)
    frame = deep(depth)
    assert type(frame) is FrameObject
    found = []
    while frame is not None:
        found.append(frame.f_frame)
        frame = frame.f_back
    return found[::-1]


def test_nothing_runs() -> None:
    """A thread without frames has no chunk."""
    assert place([]) == ()


def test_frames_lie_behind_each_other() -> None:
    """The first frame skips a word: the root chunk is never freed."""
    (chunk,) = place(frames_of(3))
    assert chunk.size == DATA_STACK_CHUNK_SIZE
    first, second, third = chunk.frames
    assert first.offset == 1
    assert second.offset == first.offset + first.size
    assert third.offset == second.offset + second.size
    assert chunk.top == third.offset + third.size


def test_chunks() -> None:
    """A frame for which there is no room begins a chunk."""
    frames = frames_of(400)
    chunks = place(frames)
    assert len(chunks) > 1
    assert [placed.frame for chunk in chunks for placed in chunk.frames] == frames
    for chunk in chunks:
        assert chunk.top * 8 < chunk.size
    assert {chunk.frames[0].offset for chunk in chunks[1:]} == {0}


def test_large_frame_has_a_large_chunk() -> None:
    """Sizes double until 1,000 words more than the frame fit."""
    names = ", ".join(f"a{at}" for at in range(3000))
    namespace: dict[str, Any] = {"sys": sys}
    exec(f"def large():\n {names} = range(3000)\n return sys._getframe()", namespace)
    frame = VM().function(namespace["large"])()
    (chunk,) = place([frame.f_frame])
    assert chunk.size == 4 * DATA_STACK_CHUNK_SIZE


def test_generators_are_elsewhere() -> None:
    """A generator's frame lies in the generator."""
    seen = []

    def look() -> None:
        seen.append(layout(vm.threads[get_ident()]))

    def numbers() -> Any:
        look()
        yield 1

    def outer() -> None:
        list(numbers())

    from _thread import get_ident

    vm = VM()
    vm.codes[id(look.__code__)] = None  # it is called natively
    vm.function(outer)()
    ((chunk,),) = seen
    assert [placed.frame.code.co.co_name for placed in chunk.frames] == ["outer"]
