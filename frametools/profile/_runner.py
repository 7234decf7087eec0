"""The command: parse, find the program, watch it, and report when all is over.

Nothing heavy is imported before the program runs. The end is an atexit callback that
is registered before the program starts, so it comes after all of the program's own.
"""

from __future__ import annotations

import atexit
import os
import sys
import time

from frametools import _launch
from frametools._command_line import OptionError, refuse, status_of
from frametools._output import Output
from frametools._world import World
from frametools.monitor import _twin
from frametools.monitor._calibrate import calibrate
from frametools.monitor.backend import ALL_FRAMES, MonitorError
from frametools.profile import _watchers
from frametools.profile._facts import (
    INFO,
    at_start,
    current_directory,
    objection,
    page_objection,
)
from frametools.profile._json import encode
from frametools.profile._options import Options, parse_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.monitor._core import TreeBuilder
    from frametools.monitor.backend import Backend
    from frametools.profile._memory import Sampler
    from frametools.profile.progress import Progress

_NAME = 180
"""Bytes of a program's name in its data file's: a file name has 255 at most, and
those of forked children are longer."""


class RefusalError(Exception):
    """The run cannot begin; the message is one line."""


def main(args: list[str], name: str) -> int | None:
    """Run the command; returns its exit status, or raises what the program raised."""
    try:
        options, rest = parse_run(args)
        if options.help or options.version:
            return _answer(options, name)
        if not rest:
            raise RefusalError(f"no program to run; {name} --help tells more")
        program = _launch.find(rest)
        _stop_followed()
        run = Run(options, program, rest, name)
        run.words = args[: len(args) - len(rest)]
    except (OptionError, _launch.LaunchError, RefusalError, MonitorError) as error:
        return refuse(str(error))
    return run.go()


def _stop_followed() -> None:
    """Let nobody else watch this process, if it is a child of a watched program."""
    followed = sys.modules.get("frametools.profile._followed")
    if followed is not None:
        followed.give_way()


def _answer(options: Options, name: str) -> int:
    if options.version:
        from frametools import __version__

        sys.stdout.write(f"frametools {__version__}\n")
    else:
        from frametools.profile._help import RUN

        sys.stdout.write(RUN.format(program=name))
    return 0


class Run:
    """One run of a program: what watches it, and where its data go."""

    def __init__(
        self,
        options: Options,
        program: _launch.Program,
        words: list[str],
        name: str,
    ) -> None:
        self.options = options
        self.program = program
        self.name = name
        self.words: list[str] = []
        """The options of the command line, as they stand there."""
        self.directory = current_directory()
        self.temporary = os.environ.get("TMPDIR") or "/tmp"
        self.pid = os.getpid()
        self.ended = 0
        """The process that has come to its end: this one, or one that it forked."""
        self.status: int | None = None
        self.is_begun = self.is_interrupted = False
        self.output = Output()
        _check_page(self)
        self.backend = _watchers.backend(options)
        self.builder = _open(options, self.backend, _candidates(self))
        # Not at the end, which a killed process and a forked child never see.
        self.costs = calibrate(
            self.builder, c_calls=options.c_calls, sampled=options.low
        )
        self.info = at_start(words, self.directory, options.include, options.exclude)
        if options.subprocesses:
            self.info["run"] = f"{self.pid}-{time.time_ns()}"
        self.facts = encode(self.info).encode()
        self.note_facts()
        self.exceptions = _watchers.exception_log(options, _starters())
        self.sampler = _sampler(options, self.builder)
        self.progress: Progress | None = None
        self.world = World()

    def go(self) -> int | None:
        """Run the program; what it raises goes through, for Python to end it."""
        atexit.register(self.at_exit)
        # A trace function that the program left on would see the report being made;
        # C functions, so that it sees nothing of this either.
        atexit.register(sys.settrace, None)
        atexit.register(sys.setprofile, None)
        try:
            _launch.run(self.program, before=self.start, call=_twin.run_alone)
        except (_launch.LaunchError, MonitorError) as error:
            if self.is_begun and isinstance(error, MonitorError):
                raise
            self.forget()
            return refuse(str(error))
        except SystemExit as error:
            self.stop_exceptions()
            self.status = status_of(error.code)
            raise
        except BaseException as error:
            if not self.is_begun:  # a SyntaxError: no code of the program has run
                self.forget()
                raise
            self.stop_exceptions()
            self.is_interrupted = type(error) is KeyboardInterrupt
            self.status = 130 if self.is_interrupted else 1
            raise
        self.status = 0
        return None

    def stop_exceptions(self) -> None:
        """From here on it is our frames that are left, and Python that prints."""
        if self.exceptions is not None:
            self.exceptions.stop()

    def note_facts(self) -> None:
        """Put what is known at the start into the data; in a forked child's too."""
        try:
            self.builder.note(INFO, self.facts)
        except RuntimeError:  # a child that has no room for data of its own
            return

    def begin_in_fork(self) -> None:
        """Begin in a forked child: its data are its own."""
        self.note_facts()
        if self.options.retention:
            from frametools.profile._fork_end import call_at_end

            call_at_end(self, self.at_exit)

    def start(self) -> None:
        """Begin to watch; the program's code is what runs next."""
        if self.output.is_terminal and not self.options.quiet:
            from frametools.profile.progress import Progress

            self.progress = Progress(self.builder, self.output)
            self.progress.start()
        if self.options.subprocesses:
            self.follow_children()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.begin_in_fork)
        if self.exceptions is not None:
            self.exceptions.start()
        if self.sampler is not None:
            self.sampler.start()
        self.backend.start(self.builder, ALL_FRAMES)
        self.is_begun = True

    def follow_children(self) -> None:
        """Let the Python programs that this one starts be watched."""
        from frametools.profile._follow import Settings, follow_children

        base = os.path.abspath(str(self.builder.path))
        run = str(self.info["run"])
        follow_children(Settings(run, base, self.costs, self.words))

    def stop(self) -> None:
        """Stop all that watches."""
        if self.sampler is not None:
            self.sampler.finish()
        self.backend.stop()
        self.builder.stop()
        self.stop_exceptions()
        if self.progress is not None:
            self.progress.stop()

    def forget(self) -> None:
        """Leave nothing behind: the program never ran."""
        atexit.unregister(self.at_exit)
        self.stop()
        if self.builder.path is not None:
            os.unlink(self.builder.path)

    def at_exit(self) -> None:
        """Finish the data and report; raises nothing, whatever the program left."""
        if self.ended == os.getpid():
            return
        self.ended = os.getpid()
        try:
            self.world.restore_builtins()
            self.stop()
            with self.world:
                from frametools.profile import _finish

                _finish.finish(self)
        except BaseException as error:
            self.say(f"the report failed: {type(error).__name__}: {error}")
        if self.is_interrupted:
            _launch.keep_death_by_sigint()

    def say(self, message: str) -> None:
        """Write one line of ours."""
        if os.getpid() == self.pid:
            self.output.write("frametools: " + message.replace("\n", " ") + "\n")


def _sampler(options: Options, builder: TreeBuilder) -> Sampler | None:
    """Make what --memory asks for; where that cannot be, nothing is left behind."""
    try:
        return _watchers.sampler(options, builder)
    except MonitorError:
        os.unlink(str(builder.path))
        raise


def _starters() -> tuple[str, ...]:
    """Files that started us, and end the process by an exception of their own.

    They are runpy, and the console script with its `sys.exit(main())`. A program of
    `-c` or standard input has the file name of other such: these stay visible.
    """
    outermost = sys._getframe()
    while outermost.f_back is not None:
        outermost = outermost.f_back
    script = outermost.f_code.co_filename
    return ("<frozen runpy>",) if script.startswith("<") else ("<frozen runpy>", script)


def _open(options: Options, backend: Backend, paths: list[str]) -> TreeBuilder:
    """Make the builder, with its file at the first path that can be written."""
    problem = ""
    for path in paths:
        try:
            _check_is_free(path)
            return _watchers.builder(options, backend, path)
        except OSError as error:
            problem = problem or f"cannot write {path}: {error.strerror or error}"
    raise RefusalError(problem)


def _candidates(run: Run) -> list[str]:
    """Where the data file may go: `-o`, or here, or else the temporary directory."""
    name = f"{_program_name(run.program)}.{run.pid}.frames"
    if run.options.output is not None:
        path = os.path.join(run.directory, run.options.output)
        if run.options.subprocesses and os.path.isdir(path):
            path = os.path.join(path, name)
        return [path]
    return [os.path.join(folder, name) for folder in (run.directory, run.temporary)]


def _program_name(program: _launch.Program) -> str:
    if program.kind in ("command", "stdin"):
        return program.kind
    base = os.path.basename(program.target.rstrip("/\\"))
    base = base.removesuffix(".py").removesuffix(".pyc") or "program"
    while len(os.fsencode(base)) > _NAME:
        base = base[:-1]
    return base


def _check_page(run: Run) -> None:
    """Refuse what --html cannot be, before the program runs."""
    if run.options.html is None:
        return
    page = os.path.join(run.directory, run.options.html)
    data = os.path.join(run.directory, run.options.output or "")
    try:
        problem = page_objection(page, data)
    except OSError as error:
        problem = f"cannot read {page}: {error.strerror or error}"
    if problem:
        raise RefusalError(f"--html: {problem}")


def _check_is_free(path: str) -> None:
    """Refuse a path where something lies that is not ours."""
    problem = objection(path)
    if problem:
        raise RefusalError(f"{problem}; -o names another")
