"""The chunked data stack of a thread, computed from its chain of frames.

    chunk   [ header | - | frame | frame | frame ... ]   the first: 16 KiB
    chunk   [ header | frame | ...                   ]   and so on

`_PyThreadState_PushFrame` and `push_chunk` (Python/pystate.c) put the frame of each
call behind the one before: FRAME_SPECIALS_SIZE + co_nlocalsplus + co_stacksize words.
If the chunk has no room, a new one is made, of 16 KiB or twice that ..., until 1,000
words more than the frame fit. A frame that ends frees its chunk if it began it, so that
the layout is a pure function of the frames that are there, and the evaluation loop need
not keep it. Frames of generators are in the generator, shims on the C stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frametools._python import FRAME_HEADER_SLOTS
from frametools.vm._builtins import reversed, tuple
from frametools.vm.frame import Owner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.thread import ThreadState

WORD = 8
"""Bytes of a slot; the data stack's sizes are those of 64-bit builds."""

DATA_STACK_CHUNK_SIZE = 16 * 1024
"""Bytes."""

MINIMUM_OVERHEAD = 1000
"""Words that a new chunk has beyond the frame it is made for."""

CHUNK_HEADER = 3
"""Words: previous, size and top of `_PyStackChunk`."""


class Placed(NamedTuple):
    """A frame on the data stack."""

    frame: InterpreterFrame
    offset: int
    """Word of the chunk's data at which it begins."""
    size: int
    """In words: `co_framesize`."""


class Chunk(NamedTuple):
    """One `_PyStackChunk`."""

    size: int
    """In bytes, with its header."""
    frames: tuple[Placed, ...]
    """The outermost first."""
    top: int
    """Word of its data at which the next frame would begin."""


def framesize(frame: InterpreterFrame) -> int:
    """Return the size of a frame in words: `co_framesize`."""
    code = frame.code
    return FRAME_HEADER_SLOTS + code.nlocalsplus + code.co.co_stacksize


def layout(thread: ThreadState) -> tuple[Chunk, ...]:
    """Return the chunks of a thread's data stack, the outermost first. O(depth)."""
    frames: list[InterpreterFrame] = []
    frame = thread.current_frame
    while frame is not None:
        if frame.owner is Owner.THREAD:
            frames.append(frame)
        frame = frame.previous
    return place(reversed(frames))


def place(frames: Iterable[InterpreterFrame]) -> tuple[Chunk, ...]:
    """Lay frames, the outermost first, on an empty data stack."""
    chunks: list[Chunk] = []
    placed: list[Placed] = []
    size = top = limit = 0
    for frame in frames:
        words = framesize(frame)
        if not size or words >= limit - top:
            if size:
                chunks.append(Chunk(size, tuple(placed), top))
            size = _chunk_size(words)
            limit = size // WORD - CHUNK_HEADER
            # The root chunk is never freed: no frame begins it.
            top = 0 if chunks else 1
            placed = []
        placed.append(Placed(frame, top, words))
        top += words
    if size:
        chunks.append(Chunk(size, tuple(placed), top))
    return tuple(chunks)


def _chunk_size(words: int) -> int:
    size = DATA_STACK_CHUNK_SIZE
    while size < WORD * (words + MINIMUM_OVERHEAD):
        size *= 2
    return size
