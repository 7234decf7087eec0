"""`python -m frametools.vm --check app.py`: parse, run both ways, say what it is."""

from __future__ import annotations

import os
import sys
import sysconfig
from typing import TYPE_CHECKING

from frametools import _launch
from frametools._command_line import OptionError, Spec, refuse, take_options
from frametools.agreement.sides import run
from frametools.agreement.verdict import (
    DIFFERENT,
    NOT_COMPARABLE,
    STEADY,
    unsteady,
    verdict,
)
from frametools.monitor._recording import EXTRA_EVENTS

if TYPE_CHECKING:
    from frametools.agreement.sides import Options

HELP = """\
usage: {program} --check [options] app.py [args]
       {program} --check [options] -m module | -c code | directory | app.zip [args]

Run a Python program twice, in the reference VM and on this interpreter, each in a
process of its own, and compare what their frames did, event by event. Prints
"same: N events", or the first difference with what came before and after it on
both sides. The program has to do the same each time: after a difference it runs on
this interpreter once more, and is "not comparable" if that differs from the first
time. Exit status: 0 same, 1 different, 2 a wrong option or no program, 3 not
comparable.

  --events LIST    what to compare besides frames that begin and end:
                   {events} (all)
  --include GLOB   functions to compare, by file or qualified name. By default all
                   but the standard library and installed packages
  --exclude GLOB   functions to leave out. Both can be given many times
  -h, --help       show this
"""


class CommandLine:
    """What the command line asks for."""

    def __init__(self) -> None:
        self.events: tuple[str, ...] = tuple(sorted(EXTRA_EVENTS))
        self.include: tuple[str, ...] = ()
        self.exclude: tuple[str, ...] = ()
        self.help = False

    def of_recordings(self) -> dict[str, tuple[str, ...]]:
        """Return the options that both recordings are made with."""
        libraries = () if self.include else _libraries()
        exclude = (*self.exclude, *libraries, f"{_OURS}/*")
        return {"events": self.events, "include": self.include, "exclude": exclude}


def main(args: list[str], name: str) -> int:
    """Run the check; returns its exit status."""
    options = CommandLine()
    try:
        _, rest = take_options(args, _SPECS, options)
        if options.help:
            words = ",".join(sorted(EXTRA_EVENTS))
            sys.stdout.write(HELP.format(program=name, events=words))
            return 0
        if not rest:
            raise OptionError(f"no program to run; {name} --check --help tells more")
        if rest[0] == "-":
            raise OptionError("a program on standard input cannot be run twice")
        _launch.find(rest)
    except (OptionError, _launch.LaunchError) as error:
        return refuse(str(error))
    status, text = _check(rest, options.of_recordings(), _standard_input())
    sys.stdout.write(text)
    return status


def _check(words: list[str], options: Options, stdin: bytes) -> tuple[int, str]:
    """Run both ways, after a difference on the host again: exit status, and text."""
    _tell("running it on the host ...")
    observed = run("host", words, options, stdin)
    _tell(f"{len(observed.recording or ()):,} events; running it in the VM ...")
    predicted = run("vm", words, options, stdin)
    _tell(f"{len(predicted.recording or ()):,} events; comparing ...")
    status, text = verdict(predicted, observed)
    if status != DIFFERENT:
        return status, text
    _tell("different; running it on the host once more ...")
    unsteadiness = unsteady(observed, run("host", words, options, stdin))
    if unsteadiness:
        return NOT_COMPARABLE, unsteadiness
    return DIFFERENT, text + STEADY


def _tell(what: str) -> None:
    """Say what goes on, to a terminal only."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"frametools: {what}\n")


def _events(text: str) -> tuple[str, ...]:
    words = tuple(word for word in text.upper().split(",") if word)
    unknown = set(words) - EXTRA_EVENTS
    if unknown:
        known = ", ".join(sorted(EXTRA_EVENTS))
        raise ValueError(f"no such events: {', '.join(sorted(unknown))} (of {known})")
    return words


_SPECS = {
    "--events": Spec("events", "text", convert=_events),
    "--include": Spec("include", "many"),
    "--exclude": Spec("exclude", "many"),
    "--help": Spec("help", "flag"),
    "-h": Spec("help", "flag"),
}


_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The package's folder: a program does not want to see the frames that watch it."""


def _libraries() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = dict.fromkeys(paths[name] for name in names)
    return ("<frozen *", *(f"{folder}/*" for folder in folders))


def _standard_input() -> bytes:
    """Read what both are to read; nothing from a terminal."""
    if sys.stdin is None or sys.stdin.isatty():
        return b""
    return sys.stdin.buffer.read()
