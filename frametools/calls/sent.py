"""What `send` gave a generator that goes on: no event of CPython tells that."""

from __future__ import annotations

import gc
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_F_GENERATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class _MarkError(Exception):
    """Stands behind what was sent, as the exception that the generator handles."""


def value_sent(frame: FrameType) -> object:
    """Return what a generator was sent, when PY_RESUME tells that its frame goes on.

    None if that was None, as for `next`, or cannot be known. It is the last value on
    the stack of the frame, which the generator shows to the collector, and behind it
    the exception that it handles (`gen_traverse` in genobject.c, 3.12-3.15). That is
    there or not: so one of ours is, for as long as it takes. About 1 us.
    """
    generator = generator_of()(frame)
    if generator is None:
        return None
    try:
        raise _MarkError
    except _MarkError:
        *_, sent, mark = gc.get_referents(generator)
        return sent if mark is sys.exception() else None
    finally:
        mark = None


@cache
def generator_of() -> Callable[[FrameType], Any]:
    """Return what gives the generator of a frame, None where there is no way.

    It is to be asked for beforehand: within a callback the import would take a while.
    """
    if HAS_F_GENERATOR:
        return _f_generator
    try:
        from ctypes import py_object, pythonapi

        function = pythonapi.PyFrame_GetGenerator  # there since 3.11
    except (ImportError, AttributeError):
        return lambda _frame: None
    function.argtypes = [py_object]
    function.restype = py_object
    return function


def _f_generator(frame: FrameType) -> Any:
    return frame.f_generator  # type: ignore[attr-defined]
