"""`log_calls`: what users call."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, overload

from frametools._python import HAS_MONITORING
from frametools.calls.functions import described
from frametools.calls.options import Options, is_never, options_from
from frametools.calls.targets import (
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
    from types import CodeType
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


class LogCalls:
    """Logs calls: the type of `log_calls`, which documents it."""

    @overload
    def __call__(self, target: T, /, **options: Unpack[Given]) -> T: ...

    @overload
    def __call__(self, /, **options: Unpack[Given]) -> Callable[[T], T]: ...

    def __call__(self, target: Any = None, /, **options: Any) -> Any:
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

        From 3.12 on functions stay what they are, and cost nothing more once
        `log_calls.off` was called; all that one `def` has made are logged together, as
        they share a code object. On 3.11, and of what has no code object, a wrapper is
        returned; so it is if no `sys.monitoring` tool id is free. Costs about 1 us for
        a call with two arguments.

        Raises TypeError or ValueError for an option or a target that cannot be.
        """
        if target is None:
            options_from(options)
            return partial(self, **options)
        return _log(target, options_from(options))

    def off(self, target: Any) -> None:
        """Log a target's calls no more."""
        if HAS_MONITORING:
            for function in functions_of(target):
                monitoring.remove(function.__code__)
        for wrapper in _wrappers(target):
            wrapper._self_is_on = False

    @contextmanager
    def active(self, target: Any, **options: Unpack[Given]) -> Iterator[None]:
        """Log a target's calls within a `with` block, and then as before.

        On 3.11 a function must be where its `__qualname__` says: it is replaced there.
        """
        checked = options_from(dict(options))
        if HAS_MONITORING:
            with _monitored(target, checked):
                yield
        else:
            with _installed(target, checked):
                yield


log_calls = LogCalls()


def _log(target: Any, options: Options) -> Any:
    is_meant = callable(target) or is_container(target)
    if not is_meant and not any(True for _ in functions_of(target)):
        raise TypeError(f"log_calls: a {type(target).__name__} cannot be called")
    if is_never(options):
        return target
    if HAS_MONITORING and _monitor(target, options):
        return target
    return _wrap(target, options)


# --- 3.12 and later ---


def _monitor(target: Any, options: Options) -> bool:
    """Log the code of a target's functions; False if it has none, or no id is free."""
    found = list(functions_of(target))
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
def _monitored(target: Any, options: Options) -> Iterator[None]:
    codes = [function.__code__ for function in functions_of(target)]
    if not codes:
        raise TypeError(f"log_calls.active: {target!r} has no function with code")
    before = [(code, monitoring.get(code)) for code in codes]
    if not is_never(options) and not _monitor(target, options):
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
    else:
        for name in ("__func__", "fget", "fset", "fdel", "func"):
            if hasattr(target, name):
                yield from _wrappers(getattr(target, name))


@contextmanager
def _installed(target: Any, options: Options) -> Iterator[None]:
    from frametools.calls.wrapping import install, wrap

    if is_container(target):
        done = install(target, options)
    else:
        done = [
            _install_one(place, partial(wrap, options)) for place in _places(target)
        ]
    try:
        yield
    finally:
        for owner, name, value in reversed(done):
            setattr(owner, name, value)


def _places(target: Any) -> list[tuple[Any, str]]:
    """Return where the functions of a target are; TypeError if they cannot be found."""
    places = [place_of(function) for function in functions_of(target)]
    if not places or None in places:
        raise TypeError(f"log_calls.active: {target!r} is not found by its name")
    return [place for place in places if place is not None]


def _install_one(place: tuple[Any, str], wrap: Any) -> tuple[Any, str, Any]:
    owner, name = place
    value = vars(owner)[name]
    setattr(owner, name, replaced(value, wrap))
    return owner, name, value
