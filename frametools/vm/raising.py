"""The exceptions that `throw` is given, and how they are raised in a frame."""

from __future__ import annotations

import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from frametools._python import SAYS_WHAT_IS_IGNORED, WARNS_OF_THROW_SIGNATURE
from frametools.vm._builtins import (
    BaseException,
    DeprecationWarning,
    TypeError,
    isinstance,
    issubclass,
    len,
    tuple,
    type,
)
from frametools.vm.frame import NULL
from frametools.vm.host import get_traceback, set_traceback, unraisable
from frametools.vm.tracebacks import add_entry, strip
from frametools.vm.unwind import _index, _propagate, chain

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame


def throw_in(frame: InterpreterFrame, error: BaseException) -> InterpreterFrame:
    """Raise an error in a generator's frame that has just been resumed.

    Returns the frame to go on with. Its context is only what the generator itself is
    handling: `_PyErr_ChainStackItem`.
    """
    thread = frame.thread
    if frame.exc_info is not None:
        chain(frame.exc_info.exc_value, error)
    strip(error)
    caller, thread.current_frame = thread.current_frame, frame
    try:
        watching = thread.vm.watching
        if watching is not None:
            error = watching.throw_event(frame, error)
        return _propagate(frame, error, get_traceback(error), _index(frame), -1, True)
    finally:
        thread.current_frame = caller  # the loop has not begun


def ignore(
    error: BaseException,
    doing: str,
    culprit: object,
    frame: InterpreterFrame | None = None,
) -> None:
    """Report an error that has nowhere to go: `PyErr_FormatUnraisable`.

    If no frame of the program has raised it, it has an entry for `frame`, the current.
    """
    if strip(error) is None and frame is not None:
        set_traceback(error, add_entry(frame, None, frame.instr_ptr))
    if SAYS_WHAT_IS_IGNORED:
        unraisable(error, None, f"Exception ignored while {doing} {culprit!r}")
    else:
        unraisable(error, culprit)


def warn_of_signature(name: str, args: tuple[Any, ...]) -> None:
    """Check how many arguments there are; warn of more than one: gh-96348."""
    check_count(name, args)
    if WARNS_OF_THROW_SIGNATURE:
        message = (
            f"the (type, exc, tb) signature of {name}() is deprecated, "
            "use the single-arg signature instead."
        )
        warnings.warn(message, DeprecationWarning, stacklevel=3)


def check_count(name: str, args: tuple[Any, ...]) -> None:
    """Refuse arguments that are not one to three: `_PyArg_CheckPositional`."""
    if not args:
        raise TypeError(f"{name} expected at least 1 argument, got 0")
    if len(args) > 3:
        raise TypeError(f"{name} expected at most 3 arguments, got {len(args)}")


def refuse_count(owner: Any, name: str, *args: Any) -> NoReturn:
    """Raise the TypeError of a method that takes one argument, worded as C's are."""
    count = len([arg for arg in args if arg is not NULL])
    raise TypeError(
        f"{type(owner).__name__}.{name}() takes exactly one argument ({count} given)"
    )


def matches(kind: Any, expected: type) -> bool:
    """Say if an exception or class matches: `PyErr_GivenExceptionMatches`."""
    if isinstance(kind, BaseException):
        kind = type(kind)
    return isinstance(kind, type) and issubclass(kind, expected)


def given(kind: Any, value: Any = None, traceback: Any = None) -> BaseException:
    """Return the exception that the arguments of `throw` mean, else TypeError."""
    if traceback is not None and not isinstance(traceback, TracebackType):
        raise TypeError("throw() third argument must be a traceback object")
    if isinstance(kind, type) and issubclass(kind, BaseException):
        error = _made(kind, value)
    elif isinstance(kind, BaseException):
        if value is not None:
            raise TypeError("instance exception may not have a separate value")
        error = kind
    else:
        raise TypeError(
            "exceptions must be classes or instances deriving from BaseException, "
            f"not {type(kind).__name__}"
        )
    return error if traceback is None else error.with_traceback(traceback)


def _made(kind: Any, value: Any) -> BaseException:
    """Make an instance: `PyErr_NormalizeException`."""
    if isinstance(value, kind):
        return value  # type: ignore[no-any-return]
    try:
        if value is None:
            error = kind()
        elif isinstance(value, tuple):
            error = kind(*value)
        else:
            error = kind(value)
    except BaseException as failed:
        return failed
    if not isinstance(error, BaseException):
        return TypeError(
            f"calling {kind!r} should have returned an instance of BaseException, "
            f"not {type(error).__name__}"
        )
    return error
