"""What Python adds to the message of an error: ". Did you mean: 'blech'?"."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from frametools._frame_values import variables
from frametools._python import TRACEBACK_SUGGESTS
from frametools._safe_repr import safe_message
from frametools.tracebacks.fields import cause, context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType, TracebackType

_SUGGESTING: tuple[type, ...] = (
    NameError,
    UnboundLocalError,
    AttributeError,
    ImportError,
    ModuleNotFoundError,
)


def suggestion(exc: BaseException, traceback: TracebackType | None, limit: int) -> str:
    """Give what this Python would add to the message; "" if nothing.

    As Python's own traceback does, it reads the names of the innermost frame, may call
    the `__dir__` of an AttributeError's object, and look for an attribute of `self`. An
    error of these is no suggestion. `limit`: so many characters the message may have.
    """
    kind = type(exc)
    if not any(kind is each for each in _SUGGESTING):
        return ""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    try:
        if TRACEBACK_SUGGESTS:
            return _asked(exc, traceback, limit)
        found = _found(exc, traceback and traceback.tb_frame)
    except BaseException:  # of a `__dir__`
        return ""
    return f". Did you mean: '{found}'?" if found else ""


def _asked(exc: BaseException, entry: TracebackType | None, limit: int) -> str:
    """Ask `traceback`; what is chained to the exception it does not follow."""
    from traceback import TracebackException

    chained = (cause(exc), context(exc))
    seen: Any = {id(each) for each in chained if each is not None}
    found: Any = TracebackException(
        type(exc), exc, entry, limit=0, lookup_lines=False, _seen=seen
    )
    if entry is not None:
        variables(entry.tb_frame)  # on 3.12 it has left a snapshot there
    text = str(found)
    begin = safe_message(exc, limit)
    return text.removeprefix(begin) if text.startswith(begin) else ""


# 3.11 has it in C, where its excepthook writes: Python/suggestions.c. Nothing is meant
# where there are so many names, none whose distance is above a third of both lengths.

_MOST = 750
_LONGEST = 40
_MOVE, _CASE = 2, 1
"""What it costs to add, drop or replace a byte, and to write it large or small."""


def _found(exc: BaseException, frame: FrameType | None) -> str | None:
    """Find the attribute that was meant, or the variable, global or builtin."""
    if type(exc) is AttributeError:
        return _nearest(exc.name, dir(exc.obj))
    if type(exc) is not NameError or frame is None:
        return None
    spaces = frame.f_code.co_varnames, [*frame.f_globals], [*frame.f_builtins]
    return next(filter(None, (_nearest(exc.name, each) for each in spaces)), None)


def _nearest(name: object, there: Iterable[str]) -> str | None:
    """Give the first of those names that are nearest to one; None if none is near."""
    known = [*there]
    if type(name) is not str or len(known) >= _MOST:
        return None
    found, wanted, most = None, name.encode(), sys.maxsize
    for each in known:
        other = each.encode()
        limit = min((len(wanted) + len(other) + 3) * _MOVE // 6, most)
        if each != name and (distance := _distance(wanted, other, limit)) <= limit:
            found, most = each, distance - 1
    return found


def _distance(one: bytes, other: bytes, limit: int) -> int:
    """Give the Levenshtein distance; more than `limit` may be any number above it."""
    start = _shared(zip(one, other, strict=False))
    one, other = one[start:], other[start:]
    end = _shared(zip(one[::-1], other[::-1], strict=False))
    one, other = one[: len(one) - end], other[: len(other) - end]
    if not one or not other:
        return max(len(one), len(other)) * _MOVE
    too_far = abs(len(one) - len(other)) * _MOVE > limit
    if too_far or max(len(one), len(other)) > _LONGEST:
        return limit + 1
    row: list[int] = [*range(0, (len(one) + 1) * _MOVE, _MOVE)]
    for byte in other:
        row = [*_next(row, one, byte)]
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _next(row: list[int], word: bytes, byte: int) -> Iterator[int]:
    """Yield the next row of the table of distances, for one more byte."""
    left = row[0] + _MOVE
    yield left
    for each, (corner, above) in zip(word, pairwise(row), strict=True):
        left = min(left + _MOVE, above + _MOVE, corner + _cost(each, byte))
        yield left


def _shared(pairs: Iterable[tuple[int, int]]) -> int:
    """Count the pairs at the beginning that are equal."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _cost(one: int, other: int) -> int:
    if one == other:
        return 0
    is_same_letter = one ^ other == 32 and 65 <= one & ~32 <= 90
    return _CASE if is_same_letter else _MOVE
