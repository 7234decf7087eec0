"""Who formats a traceback with variables: ours and the peers, as their users call them.

Each is a function that is given an exception and returns the text; None where the
package is not installed.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

Formatter = Callable[[BaseException], str]

OURS = "frametools"
ALL = "frametools, all frames"


def frametools(**options: Any) -> Formatter:
    """`frametools.tracebacks.format`."""
    from frametools import tracebacks

    return lambda exc: tracebacks.format(exc, **options)


def stdlib(**options: Any) -> Formatter:
    """`traceback.TracebackException`."""
    from traceback import TracebackException

    return lambda exc: "".join(
        TracebackException.from_exception(exc, **options).format()
    )


def rich() -> Formatter:
    """A rich Traceback with locals on a console."""
    from rich.console import Console
    from rich.traceback import Traceback

    def form(exc: BaseException) -> str:
        console = Console(file=io.StringIO(), width=100)
        shown = Traceback.from_exception(
            type(exc), exc, exc.__traceback__, show_locals=True
        )
        console.print(shown)
        return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]

    return form


def stackprinter() -> Formatter:
    """`stackprinter.format`."""
    import stackprinter as peer

    return lambda exc: str(peer.format(exc))


def stack_data() -> Formatter:
    """A stack_data Formatter with all variables."""
    from stack_data import Formatter as Peer

    peer = Peer(show_variables=True)
    return lambda exc: "".join(peer.format_exception(exc))


def better_exceptions() -> Formatter:
    """`better_exceptions.format_exception`."""
    from better_exceptions import ExceptionFormatter

    peer = ExceptionFormatter(colored=False)
    return lambda exc: "".join(peer.format_exception(type(exc), exc, exc.__traceback__))


def loguru() -> Formatter:
    """The formatter of loguru with `diagnose=True`."""
    from loguru import logger

    def form(exc: BaseException) -> str:
        stream = io.StringIO()
        logger.remove()
        logger.add(stream, diagnose=True, backtrace=False, format="{message}")
        logger.opt(exception=exc).error("x")
        return stream.getvalue()

    return form


def structlog() -> Formatter:
    """The dicts of structlog as JSON."""
    import json

    from structlog.tracebacks import ExceptionDictTransformer

    peer = ExceptionDictTransformer(show_locals=True)
    return lambda exc: json.dumps(peer((type(exc), exc, exc.__traceback__)))


def sentry() -> Formatter:
    """The event of sentry-sdk, scrubbed and serialized as its client does."""
    import json

    from sentry_sdk.scrubber import EventScrubber
    from sentry_sdk.serializer import serialize
    from sentry_sdk.utils import event_from_exception

    def form(exc: BaseException) -> str:
        event, _ = event_from_exception(exc)
        EventScrubber().scrub_event(event)
        return json.dumps(serialize(event))

    return form


def with_variables() -> Formatter:
    """The lines of traceback-with-variables."""
    from traceback_with_variables import iter_exc_lines

    return lambda exc: "\n".join(iter_exc_lines(exc))


WAYS: dict[str, tuple[str, Callable[[], Formatter]]] = {
    OURS: ("frametools", frametools),
    ALL: ("frametools", lambda: frametools(head=None)),
    "stdlib, no locals": ("traceback", stdlib),
    "stdlib capture_locals": ("traceback", lambda: stdlib(capture_locals=True)),
    "loguru diagnose": ("loguru", loguru),
    "traceback-with-variables": ("traceback_with_variables", with_variables),
    "better_exceptions": ("better_exceptions", better_exceptions),
    "structlog dict": ("structlog", structlog),
    "stackprinter": ("stackprinter", stackprinter),
    "sentry-sdk": ("sentry_sdk", sentry),
    "stack_data": ("stack_data", stack_data),
    "rich": ("rich", rich),
}
"""By name in the tables: the module that is needed, and how to get the function."""


def missing(name: str) -> bool:
    """Tell if the package is not installed."""
    return find_spec(WAYS[name][0]) is None
