"""What watches a process: the backend, the builder, the log of exceptions."""

from __future__ import annotations

from frametools.monitor import _twin
from frametools.monitor.backend import HIDDEN, build, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.monitor._core import TreeBuilder
    from frametools.monitor.backend import Backend
    from frametools.monitor.exceptions import ExceptionLog
    from frametools.profile._memory import Sampler
    from frametools.profile._options import Options


def backend(options: Options) -> Backend:
    """Choose the backend, with the filters of the command line."""
    return choose(_filter(options))


def _filter(options: Options) -> Callable[[CodeType], bool] | None:
    if not (options.include or options.exclude):
        return None
    from frametools._filters import wanted

    return wanted(options.include, options.exclude)


def builder(options: Options, chosen: Backend, path: str) -> TreeBuilder:
    """Make the builder and its data file; OSError, MonitorError."""
    if not options.record:
        return build(
            _twin.TreeBuilder,
            path,
            c_calls=options.c_calls,
            sampled=options.low,
            wants=chosen.wants,
            hide=HIDDEN,
        )
    return build(
        _twin.Recorder,
        path,
        max_events=options.max_events,
        keep=options.keep,
        c_calls=options.c_calls,
        wants=chosen.wants,
        hide=HIDDEN,
    )


def exception_log(options: Options, starters: tuple[str, ...]) -> ExceptionLog | None:
    """Make the log of `--exceptions`; `starters` are files of who starts programs."""
    if not options.exceptions:
        return None
    from frametools.monitor.exceptions import ExceptionLog

    return ExceptionLog(max_tracebacks=0, hide=HIDDEN + starters)


def sampler(options: Options, made: TreeBuilder) -> Sampler | None:
    """Make the sampler of `--memory`; MonitorError where nothing can be measured."""
    if not (options.memory or options.memory_alloc):
        return None
    from frametools.profile._memory import Sampler, resident, traced

    if options.memory_alloc:
        return Sampler(made, "allocated", traced())
    return Sampler(made, "rss", resident())
