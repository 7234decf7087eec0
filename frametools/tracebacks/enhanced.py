"""`enhanced_traceback`: a block or a decorator that annotates what leaves it.

Frames of this file take themselves out of the traceback: a bare `raise` in a handler
adds no entry for its frame (CPython's RERAISE), so what was cut off stays off.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, overload

from frametools._interrupts import is_the_programs
from frametools.snapshot import TracebackSnapshot
from frametools.tracebacks.annotating import (
    annotate,
    forget_inner,
    forget_repeated,
    marked,
    notes_of,
)
from frametools.tracebacks.capture import Capture, entries_of
from frametools.tracebacks.error_text import enhanced_text
from frametools.tracebacks.fields import (
    attributes,
    set_cause,
    set_traceback,
    traceback_of,
)
from frametools.tracebacks.messages import told
from frametools.tracebacks.options import Options
from frametools.tracebacks.printing import OURS
from frametools.tracebacks.wrapping import enhanced, without_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType
    from typing import Self, TypeVar, Unpack

    from frametools.tracebacks.options import Choices

    F = TypeVar("F", bound=Callable[..., Any])

_ANNOTATED = (Exception, KeyboardInterrupt, BaseExceptionGroup)
_GOING_ON = (StopIteration, StopAsyncIteration)
"""These, and others such as SystemExit and CancelledError, say how to go on."""


class EnhancedTraceback:
    """What `enhanced_traceback` returns: a context manager, and a decorator.

    It has no state of a run: it may be entered again, by recursion and threads too.
    """

    def __init__(
        self,
        raise_from: Callable[[str], BaseException] | None,
        callers: bool,
        options: Options,
    ) -> None:
        self._raise_from = raise_from
        self._callers = callers
        self._options = options

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc is None or not _is_failure(exc):
            return
        error = self._told(exc, sys._getframe(1))
        if error is not exc:
            try:
                raise error
            except BaseException:
                set_traceback(error, None)
                raise
            finally:
                del error, exc

    def raised(self, exc: BaseException) -> BaseException:
        """Take the wrapper's frame off the traceback; give what is to be raised."""
        without_entry(exc)
        if not _is_failure(exc):
            return exc
        return self._told(exc, sys._getframe(1))

    def _told(self, exc: BaseException, frame: FrameType) -> BaseException:
        """Annotate, or make the other error. Raises nothing on its own account."""
        try:
            if self._raise_from is not None and issubclass(type(exc), Exception):
                return self._error(exc, frame, self._raise_from)
            if self._callers:
                annotate(exc, frame.f_back, self._options, frame)
            else:
                _annotate_once(exc, frame, self._options)
        except OURS as error:
            if is_the_programs(error):
                raise
        return exc

    def _error(
        self,
        exc: BaseException,
        frame: FrameType,
        make: Callable[[str], BaseException],
    ) -> BaseException:
        if type(attributes(exc).get("snapshot")) is TracebackSnapshot:
            return exc  # an inner block has made it
        traceback = traceback_of(exc)
        caller = frame.f_back if self._callers else None
        snapshot = Capture(self._options).whole(exc, traceback, caller)
        text = enhanced_text(snapshot, self._options)
        # The frame of a block is left by the other error too.
        marked(text, entries_of(traceback), frame if self._callers else None)
        error = make(text)
        if not issubclass(type(error), BaseException):
            return exc
        attributes(error)["snapshot"] = snapshot
        set_cause(error, exc)
        if told(error) is text:
            forget_repeated(exc)
        return error

    @overload
    def __call__(self, function: F) -> F: ...
    @overload
    def __call__(self, function: Any) -> Any: ...
    def __call__(self, function: Any) -> Any:
        """Wrap a function of any kind; static- and classmethods too."""
        return enhanced(function, self)


def _annotate_once(exc: BaseException, frame: FrameType, options: Options) -> None:
    """Annotate what a block leaves, without callers; of a recursion there is one note.

    Of the calls of a decorated function within one another the innermost tells, at
    once, for the program may catch the error; and in place of that the outermost, whose
    traceback has them all.
    """
    is_inner = _is_called_within(traceback_of(exc), frame)
    if any(note.is_inner for note in notes_of(exc)):
        if is_inner:
            return
        forget_inner(exc)
    others = len(notes_of(exc))
    annotate(exc, None, options, frame)
    for note in notes_of(exc)[others:]:
        note.is_inner = is_inner


def _is_called_within(entry: TracebackType | None, frame: FrameType) -> bool:
    """Tell if a wrapper's function was called by itself, through the same wrapper."""
    if entry is None or entry.tb_frame.f_code is frame.f_code:
        return False  # the frame is that of a `with` block
    code, wrapper = entry.tb_frame.f_code, frame.f_code
    inner, outer = frame, frame.f_back
    while outer is not None:
        if inner.f_code is code and outer.f_code is wrapper:
            return True
        inner, outer = outer, outer.f_back
    return False


def _is_failure(exc: BaseException) -> bool:
    """Tell if it is told of; `isinstance` would ask for its `__class__`."""
    kind = type(exc)
    return issubclass(kind, _ANNOTATED) and not issubclass(kind, _GOING_ON)


@overload
def enhanced_traceback(function: F, /) -> F: ...
@overload
def enhanced_traceback(
    *,
    raise_from: Callable[[str], BaseException] | None = None,
    callers: bool = True,
    **options: Unpack[Choices],
) -> EnhancedTraceback: ...
def enhanced_traceback(
    function: Any = None,
    /,
    *,
    raise_from: Callable[[str], BaseException] | None = None,
    callers: bool = True,
    **options: Unpack[Choices],
) -> Any:
    """Add the variables of its frames to what leaves a block or a function.

    `with enhanced_traceback():`, `@enhanced_traceback` or `@enhanced_traceback(...)`,
    for functions, coroutines, generators, async generators, static- and classmethods.
    The exception gets a note and stays what it is: type, identity, traceback, which
    has no frame of ours. What it came from and members of a group get theirs. Frames
    that an inner block has shown are not shown again. `callers`: those that called the
    block too, to the outermost. Without them the calls of a decorated function within
    one another have one note: of the innermost, once the error leaves all of them, of
    all.

    With `raise_from`, an exception class or what makes one of a text, another error is
    raised from it: `EnhancedError` is ours. That is for an Exception: KeyboardInterrupt
    and groups with one get a note. Options are those of `Options`; a wrong one is a
    TypeError. A failure of ours, or a `raise_from` that makes no exception, leaves the
    exception as it is. Neither SystemExit, GeneratorExit, CancelledError, StopIteration
    nor StopAsyncIteration is touched.

    Without an exception a block costs 1.4 us, 0.3 us if one object is used again, and a
    call through the decorator 0.15 us; with one, 20 us per frame and what the
    `__repr__`s take, within `budget`.
    """
    checked = Options.checked(options, raise_from=raise_from, callers=callers)
    owner = EnhancedTraceback(raise_from, callers, checked)
    return owner if function is None else owner(function)
