"""Where lines go: standard error, a stream, a function, a `logging.Logger`.

A sink that fails is told of once, on standard error, and is not written to again.
So is a function given as `enabled`; it is asked again.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from frametools._paths import printable
from frametools._safe_repr.classes import name_of
from frametools._secrets import hide_secrets
from frametools.calls.lines import cut

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from frametools.calls.functions import Function

_ASCII = str.maketrans("→←✗⏸⏵…", "><!^v~")


class Sink:
    """Takes lines, and knows who has spoken: a thread or a task."""

    def __init__(self, emit: Callable[[str], object]) -> None:
        self._emit = emit
        self.speaker: str | None = ""
        """The one that has spoken so far; None: there were several. "" is nobody."""
        self._has_failed = False

    def for_function(self, _function: Function) -> Callable[[str], object]:
        """Return what writes a line, without newline, about a function; may raise."""
        return self._emit

    def label(self, speaker: str) -> str:
        """Return what a line begins with: who speaks, if there are several.

        The first line of the second one tells whose those before it were, too.
        """
        before = self.speaker
        if speaker == before:
            return ""
        if before == "":
            self.speaker = speaker
            return ""
        self.speaker = None
        return f"[{speaker}] " if before is None else f"[{speaker}; before: {before}] "

    def failed(self, function: Function, error: BaseException) -> None:
        """Say so, once, and write no more lines about a function."""
        function.emit = _drop
        if not self._has_failed:
            self._has_failed = True
            told("the sink failed, and is left alone", error)


class LoggerSink(Sink):
    """Makes log records that come from the logged function, not from here."""

    def __init__(self, logger: logging.Logger, level: int) -> None:
        super().__init__(_drop)
        self._logger = logger
        self._level = level

    def for_function(self, function: Function) -> Callable[[str], object]:
        """Return what makes a record of a line."""
        logger, level = self._logger, self._level

        def log(line: str) -> None:
            if logger.isEnabledFor(level):
                record = logger.makeRecord(
                    logger.name,
                    level,
                    function.file,
                    function.line,
                    "%s",
                    (line,),
                    None,
                    function.name,
                )
                logger.handle(record)

        return log


def _drop(_line: str) -> None:
    """Take nothing."""


def told(what: str, error: BaseException) -> None:
    """Say on standard error what failed, without the secrets that the error may tell.

    It may have in it the line that was to be written.
    """
    from frametools._safe_repr import safe_message

    message = printable(hide_secrets(safe_message(error, 500)))
    kind = printable(name_of(type(error)))
    text = f"frametools: log_calls: {what}: {kind}: {cut(message, 200)}"
    _write_to(sys.__stderr__, text)


def sink_for(given: Any, level: int | None = None) -> Sink:
    """Make a sink of what a user gave; TypeError if it is none of these.

    None is `sys.stderr`, as it is when a line is written.
    """
    if isinstance(given, Sink):
        return given
    logging = sys.modules.get("logging")  # without it nobody has a Logger
    if logging is not None and isinstance(given, logging.Logger):
        level = int(logging.DEBUG) if level is None else level
        return _known((id(given), level), lambda: LoggerSink(given, level))
    if level is not None:
        raise TypeError("log_calls: level is for a sink that is a logging.Logger")
    if given is None:
        return STDERR
    if callable(getattr(given, "write", None)):
        return _known(id(given), lambda: Sink(partial(_write_to, given)))
    if callable(given):
        # `lines.append` is made anew each time it is named.
        owner = getattr(given, "__self__", given)
        function = getattr(given, "__func__", getattr(given, "__name__", None))
        key = id(owner), function if isinstance(function, str) else id(function)
        return _known(key, lambda: Sink(given))
    raise TypeError("log_calls: a sink is a stream, a function, or a logging.Logger")


_sinks: WeakValueDictionary[object, Sink] = WeakValueDictionary()
"""What several functions write to is one sink: it knows of all who speak."""


def _known(key: object, make: Callable[[], Sink]) -> Sink:
    sink = _sinks.get(key)
    if sink is None:
        sink = _sinks[key] = make()
    return sink


STDERR = Sink(lambda line: _write_to(sys.stderr, line))


def _write_to(stream: Any, line: str) -> None:
    """Write a line whole; what the stream cannot encode is written in ASCII."""
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None)
    if encoding and encoding.lower() not in ("utf-8", "utf8"):
        try:
            line.encode(encoding)
        except UnicodeEncodeError:
            plain = line.translate(_ASCII)
            line = plain.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(line + "\n")
