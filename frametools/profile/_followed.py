"""A child of `profile --subprocesses`: watched without a word of ours.

It is Python itself that starts the program here, so nothing of its start, its
`__main__` or its end has to be made alike. Whatever fails is left: the child goes on
as if nobody had wanted to watch it.
"""

from __future__ import annotations

import atexit
import os
import sys

from frametools._world import World
from frametools.monitor.backend import ALL_FRAMES
from frametools.profile import _watchers
from frametools.profile._facts import INFO, at_start, current_directory, peak_rss
from frametools.profile._first_code import await_first_code
from frametools.profile._follow import NAME, Settings, path_of_child
from frametools.profile._json import encode
from frametools.profile._options import parse_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_here: list[Followed] = []
"""What follows this process, if it is a child that was started anew."""


def begin() -> None:
    """Follow this process, if its environment says so; may raise anything."""
    text = os.environ.get(NAME)
    if text and not _here:
        followed = Followed(Settings.decode(text))
        _here.append(followed)
        await_first_code(followed.start)


def give_way() -> None:
    """Stop: this process is about to be profiled by a command of its own."""
    for followed in _here:
        followed.at_exit()


class Followed:
    """What watches this process, and where its data go."""

    def __init__(self, settings: Settings) -> None:
        self.options = parse_run(settings.words)[0]
        self.settings = settings
        self.world = World()
        self.backend = _watchers.backend(self.options)
        path = path_of_child(settings.base)
        self.builder = _watchers.builder(self.options, self.backend, path)
        self.builder.set_costs(*settings.costs)
        self.exceptions = _watchers.exception_log(self.options, ("<frozen runpy>",))
        self.sampler = _watchers.sampler(self.options, self.builder)
        self.pid = os.getpid()
        self.is_begun = self.is_over = False
        self.facts = b""
        atexit.register(self.at_exit)
        atexit.register(sys.settrace, None)
        atexit.register(sys.setprofile, None)

    def start(self, code: CodeType) -> None:
        """Begin to watch: `code`, which has just begun, is the program's first."""
        options = self.options
        words = sys.orig_argv[1:]
        directory = current_directory()
        facts = at_start(words, directory, options.include, options.exclude)
        facts |= {"run": self.settings.run, "parent": os.getppid()}
        self.facts = encode(facts).encode()
        self.note_facts()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.begin_in_fork)
        if self.exceptions is not None:
            self.exceptions.start()
        if self.sampler is not None:
            self.sampler.start()
        self.is_begun = True
        self.backend.start(self.builder, ALL_FRAMES)
        self.builder.callbacks["PY_START"](code, 0)

    def note_facts(self) -> None:
        """Put what is known at the start into the data; in a forked child's too."""
        try:
            self.builder.note(INFO, self.facts)
        except Exception:
            return

    def begin_in_fork(self) -> None:
        """Begin in a forked child: its data are its own."""
        self.note_facts()
        if self.options.retention:
            from frametools.profile._fork_end import call_at_end

            call_at_end(self, self.at_exit)

    def at_exit(self) -> None:
        """Finish the data; raises nothing."""
        try:
            if not self.is_over:
                self.is_over = True
                self._finish()
        except BaseException:
            return

    def _finish(self) -> None:
        self.world.restore_builtins()
        if self.sampler is not None:
            self.sampler.finish()
        self.backend.stop()
        self.builder.stop()
        if self.exceptions is not None:
            self.exceptions.stop()
        if not self.is_begun:
            os.unlink(str(self.builder.path))
            return
        with self.world:
            from frametools.profile._finish import alive_at_end, note_exceptions

            facts = {"peak_rss": peak_rss(), **alive_at_end(self.options, self.world)}
            self.builder.note(INFO, encode(facts).encode())
            if self.exceptions is not None and os.getpid() == self.pid:
                note_exceptions(self.builder, self.options, self.exceptions)
            self.builder.finish()
