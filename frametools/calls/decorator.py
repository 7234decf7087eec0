"""`log_calls`: what users call."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, overload

from frametools._python import HAS_MONITORING
from frametools.calls.choosing import check_target, chosen
from frametools.calls.functions import described
from frametools.calls.options import Options, is_never, options_from
from frametools.calls.stacks import unwatch_greenlets, watch_greenlets
from frametools.calls.targets import (
    dispatch_of,
    functions_of,
    is_container,
    members,
    place_of,
    replaced,
)
from frametools.monitor.backend import MonitorError

if HAS_MONITORING:
    from frametools.calls.monitoring import monitoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from logging import Logger
    from types import CodeType, FunctionType
    from typing import TextIO, Unpack

    from frametools.calls.functions import Function

    T = TypeVar("T")


class Given(TypedDict, total=False):
    """The options, as they are given."""

    sink: TextIO | Callable[[str], object] | Logger | None
    level: int
    args: bool | Iterable[str]
    result: bool
    redact: bool | Iterable[str] | Callable[[object], bool]
    repr_limit: int
    min_duration: float
    enabled: bool | Callable[[], object]
    suspends: bool
    durations: bool
    form: str
    width: int | None
    max_depth: int | None
    include: str | Iterable[str] | None
    exclude: str | Iterable[str] | None


_NOTHING = object()
"""No target: what comes back is a decorator."""


class LogCalls:
    """Logs calls: the type of `log_calls`, which documents it."""

    @overload
    def __call__(self, target: T, /, **options: Unpack[Given]) -> T: ...

    @overload
    def __call__(self, /, **options: Unpack[Given]) -> Callable[[T], T]: ...

    def __call__(self, target: Any = _NOTHING, /, *more: Any, **options: Any) -> Any:
        """Log the calls of a function, of all in a class or module; returns it.

        A decorator, with options or without: `@log_calls`, `@log_calls(args=False)`.

            → f(1, b=3)                       begins, with its arguments as they are now
            ← f(1, b=3) = 4                   returns
            ✗ f(1, b=3) raised KeyError('x')  an exception leaves it
            ⏸ f(1, b=3) yielded 4             a generator or coroutine waits
            ⏵ f(1, b=3)                       it goes on

        sink: standard error (None), a stream, a function that takes the line, or a
        `logging.Logger` (with `level`, `logging.DEBUG` if not given). args: True,
        False, or names of parameters. result: False leaves results out. redact: True
        hides values whose name tells a secret, names hide these as well, a function
        is asked about each name, False hides nothing. repr_limit: characters of a
        value. min_duration: seconds; a call is one line then, at its end, if it lasted
        as long. enabled: False, or a function that is asked at each call. suspends:
        False leaves ⏸ and ⏵ out. durations: True adds them. form: "text" or "json".
        width: columns, to which a line of text is cut. max_depth: levels of calls that
        are shown, 1 is the outermost. include, exclude: patterns of qualified names,
        which of the functions of a class or module are logged.

        From 3.12 on functions stay what they are, and cost nothing more once
        `log_calls.off` was called; all that one `def` has made are logged together, as
        they share a code object. On 3.11, and of what has no code object, a wrapper is
        returned; so it is if no `sys.monitoring` tool id is free. Costs about 1 us for
        a call with two arguments.

        Raises TypeError or ValueError for an option or a target that cannot be, as a
        class without functions, and for names in `args` that no function has.
        """
        if more:
            raise TypeError(
                "log_calls takes one target; options have names: args=False"
            )
        if target is _NOTHING:
            options_from(options)
            return partial(self, **options)
        return _log(target, options_from(options))

    def off(self, target: Any) -> None:
        """Log a target's calls no more; TypeError for what has no calls."""
        check_target(target, "log_calls.off")
        if HAS_MONITORING:
            for function in functions_of(target):
                monitoring.remove(function.__code__)
        for wrapper in _wrappers(target):
            wrapper._self_off()
        unwatch_greenlets()

    def active(
        self, target: Any, **options: Unpack[Given]
    ) -> AbstractContextManager[None]:
        """Log a target's calls within a `with` block, and then as before.

        On 3.11 a function must be where its `__qualname__` says: it is replaced there.
        Raises TypeError or ValueError for an option or a target that cannot be.
        """
        check_target(target, "log_calls.active")
        checked = options_from(dict(options))
        found = chosen(target, checked)
        if HAS_MONITORING:
            return _monitored(target, found, checked)
        return _installed(target, found, checked)


# Python's errors about wrong arguments say what users write.
for _method in (LogCalls.off, LogCalls.active):
    _method.__qualname__ = f"log_calls.{_method.__name__}"

log_calls = LogCalls()


def _log(target: Any, options: Options) -> Any:
    check_target(target, "log_calls")
    found = chosen(target, options)
    if is_never(options):
        return target
    watch_greenlets()
    if HAS_MONITORING and _monitor(target, found, options):
        return target
    return _wrap(target, options)


# --- 3.12 and later ---


def _monitor(target: Any, found: list[FunctionType], options: Options) -> bool:
    """Log the code of a target's functions; False if it has none, or no id is free."""
    is_own = not is_container(target)
    try:
        for function in found:
            before = monitoring.get(function.__code__)
            if is_own or before is None or not before.is_own:
                new = described(function, options, is_own=is_own)
                monitoring.add(function.__code__, new)
    except MonitorError:
        return False
    return bool(found) or is_container(target)


@contextmanager
def _monitored(
    target: Any, found: list[FunctionType], options: Options
) -> Iterator[None]:
    codes = [function.__code__ for function in found]
    if not codes and not options.chooses:
        raise TypeError(f"log_calls.active: {target!r} has no function with code")
    before = [(code, monitoring.get(code)) for code in codes]
    watch_greenlets()
    if not is_never(options) and not _monitor(target, found, options):
        raise MonitorError("log_calls.active: no sys.monitoring tool id is free")
    try:
        yield
    finally:
        for code, function in before:
            _restore(code, function)


def _restore(code: CodeType, function: Function | None) -> None:
    if function is None:
        monitoring.remove(code)
    else:
        monitoring.add(code, function)


# --- wrappers: wrapt is imported when there is need of it ---


def _wrap(target: Any, options: Options) -> Any:
    from frametools.calls.wrapping import install, wrap

    if is_container(target):
        install(target, options)
        return target
    wrap_one = partial(wrap, options, is_own=True)
    return replaced(target, wrap_one) or wrap_one(target)


def _wrappers(target: Any) -> Iterator[Any]:
    """Yield the wrappers of a target and of what is in it."""
    import sys

    wrapping = sys.modules.get("frametools.calls.wrapping")
    if wrapping is None:
        return
    if isinstance(target, wrapping.LoggedMethod):
        yield target.parent
    elif isinstance(target, wrapping.LoggedFunction):
        yield target
    elif is_container(target):
        for _, member in members(target):
            yield from _wrappers(member)
    elif (dispatch := dispatch_of(target)) is not None:
        for each in dispatch.registry.values():
            yield from _wrappers(each)
    else:
        for name in ("__func__", "fget", "fset", "fdel", "func", "__wrapped__"):
            if hasattr(target, name):
                yield from _wrappers(getattr(target, name))


@contextmanager
def _installed(
    target: Any, found: list[FunctionType], options: Options
) -> Iterator[None]:
    from frametools.calls.wrapping import install, install_at, install_in, wrap

    watch_greenlets()
    wrap_one = partial(wrap, options)
    if is_container(target):
        done = install(target, options)
    elif dispatch_of(target) is not None:
        done = [install_in(target, wrap_one)]
    else:
        done = [install_at(*place, wrap_one) for place in _places(target, found)]
    try:
        yield
    finally:
        for take_back in reversed(done):
            take_back()


def _places(target: Any, found: list[FunctionType]) -> list[tuple[Any, str]]:
    """Return where the functions of a target are; TypeError if they cannot be found."""
    places = [place_of(function) for function in found]
    if not places or None in places:
        raise TypeError(f"log_calls.active: {target!r} is not found by its name")
    return [place for place in places if place is not None]
