"""The options of `frametools retention`."""

from __future__ import annotations

import _thread

from frametools._command_line import ABOUT, OptionError, Spec, take_options
from frametools.retention.amounts import parse_amount
from frametools.retention.command.on_signal import signal_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = 20
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


class Options:
    """What the command line asked for; the defaults where it did not."""

    __slots__ = (
        "budget",
        "cycles",
        "every",
        "everything",
        "help",
        "json",
        "limit",
        "min_size",
        "no_report",
        "signal",
        "version",
    )

    def __init__(self) -> None:
        self.signal = 0
        """Number of the signal that asks for a report; 0 for none."""
        self.every = 0.0
        """Seconds between two reports; 0 for none."""
        self.budget = 0.0
        """Seconds that the sizes of a report may take; 0 for the usual objects."""
        self.json: str | None = None
        self.min_size = 0
        """Bytes."""
        self.limit: int | None = None
        self.cycles = self.everything = False
        self.no_report = self.help = self.version = False


def seconds(text: str) -> float:
    """Read a time such as `60s`, `500ms`, `10m`, `1.5 h`; ValueError, in one line."""
    text = text.strip()
    digits = text.rstrip("hmins ")
    unit = text[len(digits) :].strip()
    try:
        found = float(digits) * _UNITS[unit]
    except (KeyError, ValueError):
        found = 0.0
    if not 0.001 <= found <= _thread.TIMEOUT_MAX:
        raise ValueError(f"{text!r} is no time: one such as 500ms, 60s, 10m, 1h is")
    return found


def budget(text: str) -> float:
    """Read a time in seconds, `10`, or with a unit as `seconds` does; ValueError."""
    try:
        return seconds(f"{float(text)}s")
    except ValueError:
        pass
    try:
        return seconds(text)
    except ValueError:
        wanted = "one such as 10, 0.5, 500ms, 2m is"
        raise ValueError(f"{text!r} is no number of seconds: {wanted}") from None


SPECS: Mapping[str, Spec] = {
    **ABOUT,
    "--signal": Spec("signal", "text", convert=signal_number),
    "--budget": Spec("budget", "text", convert=budget),
    "--every": Spec("every", "text", convert=seconds),
    "--json": Spec("json", "text"),
    "--min": Spec("min_size", "text", convert=parse_amount),
    "--cycles": Spec("cycles", "flag"),
    "--all": Spec("everything", "flag"),
    "--limit": Spec("limit", "number"),
    "--no-report": Spec("no_report", "flag"),
}


def parse(args: list[str]) -> tuple[Options, list[str]]:
    """Our options, and the rest: the program and its arguments. OptionError."""
    options = Options()
    _, rest = take_options(args, SPECS, options)
    if options.json == "":
        raise OptionError("--json needs the name of a file")
    return options, rest
