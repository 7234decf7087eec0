"""A function of any kind, wrapped so that its errors are annotated.

Each wrapper is of the kind of what it wraps, as `inspect` and asyncio tell it. The
errors that leave one have no entry for it in their traceback: `raised` takes it off,
and neither a bare `raise` nor a `raise` in a `try` whose traceback is then taken away
puts it back. That cannot be shared by a function, which would be in the traceback.
The frame of a wrapper does not keep the error either: a frame of the traceback has it
as `f_back`.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from frametools.tracebacks.fields import set_traceback, traceback_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    class Owner(Protocol):
        """What is told of the errors."""

        def raised(self, exc: BaseException) -> BaseException:
            """Give the error to raise: the same, or one that came from it."""


def enhanced(function: Any, owner: Owner) -> Any:
    """Wrap a function; a TypeError if it is not callable."""
    if isinstance(function, staticmethod | classmethod):
        return type(function)(enhanced(function.__func__, owner))
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"not a function: {function!r:.80}")
    for is_kind, wrap in _kinds().items():
        if is_kind(function):
            return wraps(function)(wrap(function, owner))
    return wraps(function)(_function(function, owner))


def _function(function: Any, owner: Owner) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as exc:
            error = owner.raised(exc)
            try:
                if error is exc:
                    raise
                try:
                    raise error
                except BaseException:
                    set_traceback(error, None)
                    raise
            finally:
                del error

    return wrapper


def _coroutine(function: Any, owner: Owner) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return await function(*args, **kwargs)
        except BaseException as exc:
            error = owner.raised(exc)
            try:
                if error is exc:
                    raise
                try:
                    raise error
                except BaseException:
                    set_traceback(error, None)
                    raise
            finally:
                del error

    return wrapper


def _generator(function: Any, owner: Owner) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        try:
            return (yield from function(*args, **kwargs))
        except BaseException as exc:
            error = owner.raised(exc)
            try:
                if error is exc:
                    raise
                try:
                    raise error
                except BaseException:
                    set_traceback(error, None)
                    raise
            finally:
                del error

    return wrapper


def _async_generator(function: Any, owner: Owner) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        inner = function(*args, **kwargs)
        step = inner.__anext__()
        try:
            while True:
                try:
                    value = await step
                except StopAsyncIteration:
                    return
                try:
                    step = inner.asend((yield value))
                except GeneratorExit:
                    await inner.aclose()
                    raise
                except BaseException as exc:
                    step = inner.athrow(without_entry(exc))
        except BaseException as exc:
            error = owner.raised(exc)
            try:
                if error is exc:
                    raise
                try:
                    raise error
                except BaseException:
                    set_traceback(error, None)
                    raise
            finally:
                del error

    return wrapper


def without_entry(exc: BaseException) -> BaseException:
    """Take the entry of the wrapper off an exception; give the exception."""
    traceback = traceback_of(exc)
    set_traceback(exc, traceback and traceback.tb_next)
    return exc


def _kinds() -> dict[Callable[[object], bool], Callable[[Any, Owner], Any]]:
    import inspect

    return {
        inspect.iscoroutinefunction: _coroutine,
        inspect.isgeneratorfunction: _generator,
        inspect.isasyncgenfunction: _async_generator,
    }
