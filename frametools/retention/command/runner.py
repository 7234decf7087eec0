"""The command: parse, find the program, run it, and report what it leaves.

The end is an atexit callback that is registered before the program starts, so it comes
after all of the program's own.
"""

from __future__ import annotations

import atexit
import os
import sys

from frametools import _launch
from frametools._command_line import OptionError, refuse
from frametools._output import Output, flush_standard_streams
from frametools._world import World
from frametools.monitor import _twin
from frametools.retention.command.json_file import objection
from frametools.retention.command.on_signal import OnSignal
from frametools.retention.command.options import ROWS, Options, parse
from frametools.retention.command.reporting import Every, Reporter, now


def main(args: list[str], name: str) -> int | None:
    """Run the command; returns its exit status, or raises what the program raised."""
    try:
        options, rest = parse(args)
        if options.help or options.version:
            return _answer(options, name)
        if not rest:
            raise OptionError(f"no program to run; {name} --help tells more")
        program = _launch.find(rest)
        _check_file(options)
    except (OptionError, _launch.LaunchError) as error:
        return refuse(str(error))
    return Run(options, program).go()


def _answer(options: Options, name: str) -> int:
    if options.version:
        from frametools import __version__

        sys.stdout.write(f"frametools {__version__}\n")
    else:
        from frametools.retention.command.help import RETENTION

        sys.stdout.write(RETENTION.format(program=name, rows=ROWS))
    return 0


def _check_file(options: Options) -> None:
    """Make the path one that holds wherever the program goes; OptionError."""
    if options.json is None:
        return
    try:
        problem = objection(options.json)
        options.json = os.path.abspath(options.json)
    except OSError as error:
        problem = f"cannot write {options.json}: {error.strerror or error}"
    if problem:
        raise OptionError(problem)


class Run:
    """One run of a program, and when it is reported."""

    def __init__(self, options: Options, program: _launch.Program) -> None:
        self.options = options
        self.program = program
        self.pid = os.getpid()
        self.is_interrupted = False
        self.world = World()
        self.reporter = Reporter(options, Output(), self.world.starters, self.pid)
        self.signal = (
            OnSignal(options.signal, self._on_signal) if options.signal else None
        )
        self.every = Every(options.every, self.reporter) if options.every else None

    def go(self) -> int | None:
        """Run the program; what it raises goes through, for Python to end it."""
        atexit.register(self.at_exit)
        # As in the profiler: a trace function of the program would see the report.
        atexit.register(sys.settrace, None)
        atexit.register(sys.setprofile, None)
        try:
            _launch.run(self.program, before=self.start, call=_twin.run_alone)
        except _launch.LaunchError as error:
            atexit.unregister(self.at_exit)
            self.stop()
            return refuse(str(error))
        except KeyboardInterrupt as error:
            self.is_interrupted = type(error) is KeyboardInterrupt
            self.stop()
            raise
        except Exception:
            self.stop()  # while it is shown, frames of ours have it
            raise
        return None

    def start(self) -> None:
        """Begin to wait for signal and time; the program's code is what runs next."""
        if self.signal is not None:
            self.signal.start()
        if self.every is not None:
            self.every.start()

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self.every is not None:
            self.every.stop()

    def _on_signal(self) -> None:
        who = "" if os.getpid() == self.pid else f", process {os.getpid()}"
        name = self.signal.name if self.signal is not None else ""
        self.reporter.report(f"{now()} {name}{who}")

    def at_exit(self) -> None:
        """Report; raises nothing, whatever the program left."""
        try:
            self.world.restore_builtins()
            self.stop()
            if os.getpid() == self.pid:
                with self.world:
                    self._finish()
        except BaseException as error:
            self.reporter.say(f"the report failed: {type(error).__name__}: {error}")
        if self.is_interrupted:
            _launch.keep_death_by_sigint()

    def _finish(self) -> None:
        if self.signal is not None and self.signal.is_replaced():
            name = self.signal.name
            self.reporter.say(f"{name} is the program's own now, it asks for no report")
        flush_standard_streams()
        is_quiet = self.options.no_report
        if not is_quiet or self.options.json is not None:
            self.reporter.report("at exit", is_quiet=is_quiet)
