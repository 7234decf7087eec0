"""`Profiler`: the profile of a part of a program, from within it.

    with Profiler() as profiler:        @profiler
        work()                          async def handler(request): ...
    profiler.print()

What is decorated may be a function, a coroutine function or a generator function;
the profiler is on from its first step to its last, and sees what else runs then: other
threads, other tasks. Overlapping uses of one profiler count as one.
"""

from __future__ import annotations

import sys
from functools import wraps
from inspect import (
    isasyncgenfunction,
    iscoroutinefunction,
    isgeneratorfunction,
)
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from frametools._filters import wanted
from frametools.calltree import CallTree
from frametools.monitor import _twin
from frametools.monitor._calibrate import calibrate
from frametools.monitor.backend import HIDDEN, build, choose
from frametools.profile import _report
from frametools.profile._facts import INFO, at_start, current_directory, objection
from frametools.profile._json import encode
from frametools.profile._options import SORT_KEYS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from types import TracebackType
    from typing import Self, TextIO

    from frametools.monitor._core import TreeBuilder
    from frametools.monitor.backend import Backend

Function = TypeVar("Function", bound="Callable[..., Any]")

_PENDING = 32


class Profiler:
    """Watches every thread between `start` and `stop`, as often as one likes.

    The frames that run already are in the tree, without a call. Times of all uses
    add up until `clear`. Nothing of the program is kept alive.
    """

    def __init__(
        self,
        *,
        c_calls: bool = False,
        low: bool = False,
        include: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
    ) -> None:
        """Make a profiler; the options are those of the command line."""
        self._c_calls = c_calls
        self._low = low
        self._filter = (_globs("include", include), _globs("exclude", exclude))
        self._lock = RLock()
        self._users = 0
        self._builder: TreeBuilder | None = None
        self._backend: Backend | None = None
        self._images: list[bytes] = []
        self._tree: CallTree | None = None

    @property
    def is_running(self) -> bool:
        """True between `start` and `stop`."""
        return self._users > 0

    def start(self) -> None:
        """Begin to watch; raises MonitorError when no tool id is free.

        The first time in a process measures what watching costs: 2 ms.
        """
        self.begin(skip=2)

    def begin(self, skip: int) -> None:
        """Begin, without the `skip` innermost frames of those that run."""
        with self._lock:
            if not self._users:
                chosen = choose(wanted(*self._filter))
                builder = self._new_builder(chosen)
                chosen.start(builder, skip)
                self._builder, self._backend = builder, chosen
            self._users += 1

    def stop(self) -> None:
        """Stop watching; does nothing when nobody watches."""
        with self._lock:
            if not self._users:
                return
            self._users -= 1
            if self._users or self._builder is None or self._backend is None:
                return
            self._backend.stop()
            self._builder.stop()
            facts = at_start(sys.argv, current_directory(), *self._filter)
            self._builder.note(INFO, encode(facts).encode())
            self._images.append(self._builder.image())
            self._builder = self._backend = None
            if len(self._images) >= _PENDING:
                self._merge()

    def _new_builder(self, chosen: Backend) -> TreeBuilder:
        builder = build(
            _twin.TreeBuilder,
            c_calls=self._c_calls,
            sampled=self._low,
            wants=chosen.wants,
            hide=HIDDEN,
        )
        calibrate(builder, c_calls=self._c_calls, sampled=self._low)
        return builder

    @property
    def tree(self) -> CallTree:
        """The tree of all uses; O(nodes) after each use, RuntimeError during one."""
        with self._lock:
            if self._users:
                raise RuntimeError("the profiler still runs; stop it first")
            return self._merge()

    def _merge(self) -> CallTree:
        trees = [CallTree.from_image(image) for image in self._images]
        self._images.clear()
        if self._tree is not None:
            trees.insert(0, self._tree)
        if not trees:
            return CallTree()
        self._tree = trees[0].merge(*trees[1:]) if len(trees) > 1 else trees[0]
        return self._tree

    def clear(self) -> None:
        """Forget what was seen so far."""
        with self._lock:
            self._images.clear()
            self._tree = None

    def save(self, path: str) -> None:
        """Write a data file, for `frametools report`; over no file of another kind.

        Raises FileExistsError for such, RuntimeError while the profiler runs.
        """
        tree = self.tree
        problem = objection(path)
        if problem:
            raise FileExistsError(problem)
        tree.save(path)

    def print(
        self,
        file: TextIO | None = None,
        *,
        sort: str = "self",
        limit: int | None = None,
        raw: bool = False,
        width: int = 100,
    ) -> None:
        """Write the report that the command writes; to sys.stdout by default.

        Raises ValueError for a wrong `sort`, RuntimeError while the profiler runs.
        """
        if sort not in SORT_KEYS:
            raise ValueError(f"sort knows {', '.join(SORT_KEYS)}; not {sort!r}")
        out = sys.stdout if file is None else file
        options = _report.ReportOptions(
            sort=sort, limit=limit, raw=raw, width=width, unicode=_draws(out)
        )
        _report.load("summary").write(self.tree, out, options)

    def __enter__(self) -> Self:
        self.begin(skip=2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __call__(self, function: Function) -> Function:
        """Decorate a function: each call of it is watched."""
        if isasyncgenfunction(function):
            wrapper = self._around_async_generator(function)
        elif iscoroutinefunction(function):
            wrapper = self._around_coroutine(function)
        elif isgeneratorfunction(function):
            wrapper = self._around_generator(function)
        else:
            wrapper = self._around_call(function)
        return cast("Function", wrapper)

    def _around_call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return call

    def _around_coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return await function(*args, **kwargs)

        return call

    def _around_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            with self:
                return (yield from function(*args, **kwargs))

        return call

    def _around_async_generator(
        self, function: Callable[..., Any]
    ) -> Callable[..., Any]:
        @wraps(function)
        async def call(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            from contextlib import aclosing

            with self:
                async with aclosing(function(*args, **kwargs)) as items:
                    async for item in items:
                        yield item

        return call


def _globs(name: str, globs: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a string: its letters would each be a glob."""
    if isinstance(globs, str):
        raise TypeError(f"{name} takes a tuple of globs, not a string")
    return tuple(globs)


def _draws(out: TextIO) -> bool:
    """True when the stream takes what bars and trees are drawn with."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        "…─█├".encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True
