"""What asyncio logs of failed tasks, with variables: of every loop, later too.

    task -> loop.call_exception_handler -> handler of the program
                    '-> default_exception_handler -> logger "asyncio" -> our filter

A loop that has no handler logs the error to that logger, uvloop's loops as well. The
filter gives the record our text as `exc_text`, where a Formatter looks before it makes
one; the error stays in the record. No class or loop is changed, so a handler of the
program stays in charge. Not taken: a logger made before asyncio makes it, which
`logging.config` would switch off as an existing one; and wrapping the method of
BaseEventLoop, which uvloop's loops do not have.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools.tracebacks.printing import OURS, format_given

if TYPE_CHECKING:
    from logging import LogRecord

    from frametools.tracebacks.options import Choices

_MODULE = "asyncio.log"


class LoggerOfAsyncio:
    """A filter on asyncio's logger, from when that is there until `remove`.

    Until then it is a finder of modules that finds none: asyncio imports others after
    the one that has the logger. It stays in `sys.meta_path`, as one that is taken out
    while an import goes through that list makes it pass over the next.
    """

    def __init__(self, options: Choices) -> None:
        self._options = options
        self._logger: Any = None

    def wait(self) -> None:
        """Set the filter if the logger is there, else as soon as it is."""
        self._look()
        if self._logger is None:
            sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Take out filter and finder."""
        sys.meta_path[:] = [each for each in sys.meta_path if each is not self]
        if self._logger is not None:
            self._logger.removeFilter(self)
            self._logger = None

    def find_spec(self, *_: object, **__: object) -> None:
        """Find nothing; see if the logger is there now."""
        if self._logger is None:
            self._look()

    def _look(self) -> None:
        logger = getattr(sys.modules.get(_MODULE), "logger", None)
        if logger is not None:
            self._logger = logger
            logger.addFilter(self)

    def filter(self, record: LogRecord) -> bool:
        """Give a record with an error our text of it; let every record through."""
        try:
            given: Any = record.exc_info
            exc = given[1] if type(given) is tuple else None
            if exc is not None and not record.exc_text:
                text = format_given(exc, given[2], **self._options)
                record.exc_text = text.rstrip("\n")
        except OURS as error:
            if is_the_programs(error):
                raise
        return True
