"""The variables of a frame, by name, and nothing left behind by looking.

Until 3.12 reading `f_locals` leaves a snapshot dict in the frame, which keeps each
value for as long as the frame lives, `frame.clear()` or not (docs/facts/retention.md).
It is emptied here, unless the program has it too; since 3.13 there is none.
"""

from __future__ import annotations

import sys
from gc import get_referents
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any

from frametools._python import CLOSED_FRAMES_DANGLE, HAS_LOCALS_PROXY

if TYPE_CHECKING:
    from collections.abc import Iterator

CO_OPTIMIZED = 0x1
CO_SUSPENDS = 0x20 | 0x80 | 0x200
"""`inspect.CO_GENERATOR`, `CO_COROUTINE`, `CO_ASYNC_GENERATOR`."""
_GENERATOR_FRAMES: dict[int, Any] = {
    id(GeneratorType): GeneratorType.__dict__["gi_frame"].__get__,
    id(CoroutineType): CoroutineType.__dict__["cr_frame"].__get__,
    id(AsyncGeneratorType): AsyncGeneratorType.__dict__["ag_frame"].__get__,
}
"""By id of the type: to ask a dict for a type runs its metaclass's `__hash__`."""


def frame_of(holder: object) -> FrameType | None:
    """Return a frame itself, or that of a generator, coroutine, async generator.

    None for a generator that has finished, and for any other object.
    """
    if type(holder) is FrameType:
        return holder
    get = _GENERATOR_FRAMES.get(id(type(holder)))
    return None if get is None else get(holder)


def local_values(
    frame: FrameType, *, is_of_other_thread: bool = False
) -> Iterator[tuple[str, object]]:
    """Yield the names of a frame that have a value, with it, cells opened.

    Of a function's frame those are its local and free variables; a module's or a class
    body's frame yields nothing: its names are in a namespace that has an owner. In a
    frame that another thread runs the snapshot of 3.11 and 3.12 stays.
    """
    if not frame.f_code.co_flags & CO_OPTIMIZED or has_freed_values(frame):
        return
    names: Any = frame.f_locals
    if HAS_LOCALS_PROXY:
        yield from names.items()
        return
    items = list(names.items())
    # When a trace or profile function returns, what the snapshot lacks is deleted from
    # the frame (`PyFrame_LocalsToFast`): while there is one it stays. Those of other
    # threads are not known.
    is_watched = (
        is_of_other_thread or sys.gettrace() is not None or sys.getprofile() is not None
    )
    if not is_watched and _references(names) <= _UNSHARED:
        names.clear()
    del names
    yield from items


def variables(frame: FrameType) -> dict[str, object]:
    """Return the names of a frame of this thread that have a value, with it.

    Those of a module or class body too, if its namespace is a dict: any other is code
    of the program, and gives nothing. O(names); leaves nothing behind, as above.
    """
    flags = frame.f_code.co_flags
    if flags & CO_SUSPENDS and has_freed_values(frame):
        return {}
    names: Any = frame.f_locals
    if not flags & CO_OPTIMIZED:
        return dict(dict.items(names)) if issubclass(type(names), dict) else {}
    found: dict[str, object] = names.copy()
    if HAS_LOCALS_PROXY:
        return found
    is_watched = sys.gettrace() is not None or sys.getprofile() is not None
    if not is_watched and _references(names) <= _UNSHARED:
        names.clear()
    return found


def has_freed_values(frame: FrameType) -> bool:
    """Tell if to read a frame's variables reads freed memory, and may crash.

    Where `close()` of a generator runs nothing, it clears the variables, sets their
    number to none, and leaves the pointers. The collector goes by the number.
    """
    code = frame.f_code
    if not CLOSED_FRAMES_DANGLE or not code.co_flags & CO_SUSPENDS:
        return False
    if code.co_code[frame.f_lasti] != _RESUME:  # it waits, or did, behind a `yield`
        return False
    visited = get_referents(frame)
    if any(each is code for each in visited):
        return visited[-1] is code  # what is behind the code are variables
    # It is the generator's still. One that is suspended or runs refuses to be cleared;
    # of a closed one nothing is left to clear but `f_trace`.
    trace = frame.f_trace
    try:
        frame.clear()
    except RuntimeError:
        return False
    frame.f_trace = trace
    return True


_RESUME = 149
"""Of 3.13: test_closed_generators.py asks `opcode`, whose import takes 0.5 ms."""


def _references(names: dict[str, object]) -> int:
    return sys.getrefcount(names)


def _measure() -> int:
    """Count the references to a snapshot that only its frame has, as seen here."""
    frame = sys._getframe()
    names: Any = frame.f_locals
    count = _references(names)
    names.clear()  # it has `frame`
    del frame
    return count


_UNSHARED = 0 if HAS_LOCALS_PROXY else _measure()
