"""Tracebacks with variables in logs: a `Formatter`, and a handler for asyncio."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from frametools._safe_repr import safe_repr
from frametools.tracebacks.options import Options
from frametools.tracebacks.printing import format, format_given  # noqa: A004

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType
    from typing import Unpack

    from frametools.tracebacks.options import Choices

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Formatter(logging.Formatter):
    """A `logging.Formatter` whose tracebacks show variables.

    `fmt`, `datefmt` and `style` are those of `logging.Formatter`, as are its errors;
    the other options those of `Options`. What it makes of an exception it does not
    leave in the record, where the formatters of other handlers would find it. Costs
    what `format` does, for a record with an exception; nothing is kept.
    """

    def __init__(
        self,
        fmt: str | None = None,
        datefmt: str | None = None,
        style: Any = "%",
        **options: Unpack[Choices],
    ) -> None:
        super().__init__(fmt, datefmt, style)
        Options.checked(options)
        self._options = options

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        before, record.exc_text = record.exc_text, None
        try:
            if not record.exc_info:
                record.exc_text = before
            return super().format(record)
        finally:
            record.exc_text = before

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Return the text of an exception, with the traceback that is given."""
        exc = ei[1]
        if exc is None:
            return super().formatException(ei)
        return format_given(exc, ei[2], **self._options).rstrip("\n")


_NOT_SHOWN = {"message", "exception", "source_traceback", "handle_traceback"}


def asyncio_handler(
    loop: asyncio.AbstractEventLoop,
    context: dict[str, Any],
    **options: Unpack[Choices],
) -> None:
    """Log what a task or callback has left to the loop, with its variables.

    For `loop.set_exception_handler`; it logs to `asyncio`, as the default handler does,
    which takes what has no exception. Raises nothing but what a handler of logging
    does. The record has a text and no exception, so nothing is kept by it.
    """
    exc: Any = context.get("exception")
    if not issubclass(type(exc), BaseException):
        loop.default_exception_handler(context)
        return
    lines = [context.get("message") or "Unhandled exception in event loop"]
    shown = sorted(context.keys() - _NOT_SHOWN)
    lines += [f"{key}: {safe_repr(context[key])}" for key in shown]
    lines.append(format(exc, **options).rstrip("\n"))
    logging.getLogger("asyncio").error("%s", "\n".join(lines))


def loop_handler(
    options: Choices,
) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """Make a handler with options."""

    def handler(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        asyncio_handler(loop, context, **options)

    return handler
