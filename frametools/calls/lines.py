"""Events of calls as text, or as JSON: one line each.

→ f(1, b=3)                     {"event": "call", "function": "f", ...}
← f(1, b=3) = 4                 {"event": "return", ..., "result": "4"}
✗ f(1, b=3) raised KeyError()   {"event": "raise", ..., "exception": "KeyError()"}
⏸ f(1, b=3) yielded 4           {"event": "suspend", ..., "value": "4"}
⏵ f(1, b=3) sent 5              {"event": "resume", ..., "sent": "5"}
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.functions import Function

CALL, RETURN, RAISE, SUSPEND, RESUME, RESUME_SENT = range(6)
_TEXTS = ("→ ", " = "), ("← ", " = "), ("✗ ", " raised "), ("⏸ ", " yielded ")
_WORDS = (*_TEXTS, ("⏵ ", " thrown "), ("⏵ ", " sent "))
"""What stands before a call, and before the detail of its event."""
INDENT = ["  " * depth for depth in range(64)]
DEEPEST = 63
"""Deeper calls are not indented further."""


class Took(NamedTuple):
    """How long a call has lasted, in seconds, and whether the line says so."""

    seconds: float
    is_shown: bool


class Form(Protocol):
    """A way to write events. An entry is what it makes of a call's arguments."""

    is_timed: bool

    def entry_of(self, function: Function) -> Callable[[Mapping[str, Any]], Any]:
        """Return what writes the arguments of a call as they are now."""

    def unknown(self, function: Function) -> Any:
        """Write a call of which the begin was not seen."""

    def line(
        self,
        event: int,
        function: Function,
        depth: int,
        entry: Any,
        detail: str | None,
        speaker: str,
        took: Took | None,
    ) -> str:
        """Write one event; `detail` is the result, the exception, what was yielded."""


class _Text:
    is_timed = False

    def entry_of(self, function: Function) -> Callable[[Mapping[str, Any]], str]:
        name, arguments = function.name, function.arguments
        return lambda values: f"{name}({', '.join(arguments(values))})"

    def unknown(self, function: Function) -> str:
        return f"{function.name}(…)"

    def line(
        self,
        event: int,
        function: Function,
        depth: int,
        entry: str,
        detail: str | None,
        speaker: str,
        took: Took | None,
    ) -> str:
        before, between = _WORDS[event]
        indent = INDENT[min(DEEPEST, depth)]
        label = function.options.sink.label(speaker)
        line = f"{label}{indent}{before}{entry}"
        if detail is not None:
            line = f"{line}{between}{detail}"
        return line if took is None or not took.is_shown else line + _amount(took)


def cut(line: str, width: int) -> str:
    """Cut a line to so many columns of a terminal, an ellipsis being the last."""
    if 2 * len(line) <= width:
        return line
    from unicodedata import east_asian_width

    columns, fits = 0, 0
    for index, character in enumerate(line):
        columns += 2 if east_asian_width(character) in "WF" else 1
        if columns < width:
            fits = index + 1
        elif columns > width:
            return line[:fits] + "…"
    return line


def _amount(took: Took) -> str:
    seconds = took.seconds
    if seconds < 1e-3:
        return f"  [{seconds * 1e6:.1f} us]"
    return f"  [{seconds * 1e3:.1f} ms]" if seconds < 1 else f"  [{seconds:.2f} s]"


class _Json:
    is_timed = True

    def entry_of(self, function: Function) -> Callable[[Mapping[str, Any]], Any]:
        return function.named_arguments

    def unknown(self, _function: Function) -> dict[str, str]:
        return {}

    def line(
        self,
        event: int,
        function: Function,
        depth: int,
        entry: dict[str, str],
        detail: str | None,
        speaker: str,
        took: Took | None,
    ) -> str:
        import json  # only who asks for it pays

        word, key = _JSON[event]
        row: dict[str, Any] = {
            "event": word,
            "function": function.name,
            "file": function.file,
            "line": function.line,
            "time": round(time.time(), 6),
            "depth": depth,
            "speaker": speaker,
            "args": entry,
        }
        if detail is not None:
            row[key] = detail
        if took is not None:
            row["seconds"] = round(took.seconds, 9)
        return json.dumps(row)


_JSON = (
    ("call", ""),
    ("return", "result"),
    ("raise", "exception"),
    ("suspend", "value"),
    ("resume", "exception"),
    ("resume", "sent"),
)

FORMS: dict[str, Form] = {"text": _Text(), "json": _Json()}
