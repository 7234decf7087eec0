"""`TreeBuilder`, the Python twin: events -> calling-context trees in an image.

    sys.monitoring --> _callbacks --> Forest (_forest, _nodes, _codes) --> Image
    sys.setprofile -> _setprofile -^       ^- _greenlets, _c_functions, _tasks
                      _checkpoint: a thread that saves, and samples times; _endings

Same names and same results as `_core.TreeBuilder`, without a compiler. What it cannot
do: see calls that the garbage collector, a signal handler or another thread makes
inside of a callback (sys.monitoring is silent there), watch threads that already run
on 3.11, and keep more of a killed process than its last save.
"""

from __future__ import annotations

import os
from time import perf_counter, perf_counter_ns, process_time_ns, time_ns

from frametools._python import COUNTS_THREADS_AFTER_HOOKS, HAS_MONITORING
from frametools.monitor import _c_functions, _callbacks, _endings, _forest, _nodes
from frametools.monitor._checkpoint import Helper
from frametools.monitor._codes import Codes
from frametools.monitor._forest import Forest
from frametools.monitor._greenlets import Greenlets
from frametools.monitor._harvest import C_FUNCTIONS, Facts, write
from frametools.monitor._nodes import LATER

if not HAS_MONITORING:
    # Not when it is asked for: the import would be seen by what runs already.
    from frametools.monitor import _setprofile

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.monitor import _setprofile  # noqa: TC004 -- 3.11 has it above
    from frametools.monitor._callbacks import Callback

_OWN = (
    "_c_functions _callbacks _checkpoint _codes _endings _forest _greenlets _harvest "
    "_nodes _setprofile _tasks recorder treebuilder"
).split()

_O_CLOEXEC = getattr(os, "O_CLOEXEC", 0)

_AFTER_FORK = 0.005
"""Seconds in which os.fork() must find one thread only, where it counts late."""

_running: list[TreeBuilder] = []
"""Those between start and stop: a fork concerns them."""


def _own_files() -> frozenset[str]:
    """Name the files of the twin: their frames are never shown."""
    here = os.path.dirname(_own_files.__code__.co_filename)
    names = os.path.join(os.path.dirname(here), "_c_names.py")
    return frozenset([names, *(os.path.join(here, f"{name}.py") for name in _OWN)])


class TreeBuilder:
    """Events -> calling-context trees, one per thread, in a data file image."""

    _records = False

    def __init__(
        self,
        path: str | None = None,
        *,
        c_calls: bool = False,
        sampled: bool = False,
        wants: Callable[[CodeType], bool] | None = None,
        hide: tuple[str, ...] = (),
    ) -> None:
        """Make the builder and its file; OSError if that cannot be written."""
        if not isinstance(hide, tuple):
            raise TypeError("hide is a tuple of str")
        self._filters = wants, hide
        self._c_calls = c_calls
        self._sampled = sampled
        self._hook: _setprofile.Hook | None = None
        self.path = None if path is None else os.fspath(path)
        self._root = self.path
        self._open()
        if self.path is not None:
            self._save()

    def _open(self) -> None:
        wants, hide = self._filters
        codes = Codes(wants, hide, _own_files(), self._records)
        self._facts = Facts(os.getpid(), 0)
        self._forest = Forest(codes, self._sampled)
        self._greenlets = Greenlets(self._forest)
        self._helper = Helper(self._forest, self._save if self.path else None)
        self._set_origin()

    @property
    def pid(self) -> int:
        """The process whose data these are."""
        return self._facts.pid

    def _set_origin(self) -> None:
        facts = self._facts
        facts.flags |= C_FUNCTIONS if self._c_calls else 0
        facts.tick_start = facts.tick_now = perf_counter_ns()
        facts.unix_start = time_ns()
        facts.cpu_start = facts.cpu_now = process_time_ns()

    # --- the callbacks ---

    @property
    def callbacks(self) -> dict[str, Callback]:
        """Name of an event of sys.monitoring -> callback; made anew at each reading."""
        return self._callbacks(1)

    def _callbacks(self, level: int) -> dict[str, Callback]:
        slow = _callbacks.SlowWay(self._forest, level, self._greenlets.see)
        callbacks = _callbacks.six(slow)
        if self._c_calls:
            callbacks |= _c_functions.three(self._forest)
        return callbacks

    def attach_profile(self) -> None:
        """3.11: take the events from sys.setprofile, in threads yet to start too."""
        if self._sampled or self._records:
            profile = _setprofile.delegating(self._callbacks(_setprofile.LEVEL))
        else:
            callbacks = self._callbacks(_setprofile.LEVEL + 1)
            profile = _setprofile.clocked(callbacks, self._forest.local)
        self._hook = _setprofile.Hook(profile)
        self._hook.attach()

    def detach_profile(self) -> None:
        """Undo attach_profile; does nothing if another profile function is there."""
        if self._hook is not None:
            self._hook.detach()

    # --- begin and end ---

    def start(self, skip: int = 0) -> None:
        """Begin: the time origin is now.

        Frames that already run are entered without a call, but for the `skip`
        innermost of this thread; in other threads at their first event.
        """
        forest = self._forest
        self._set_origin()
        forest.begin()
        frame = forest.program_frame(callers=False)
        thread = forest.new_thread()
        frame = forest.skip(thread, frame, skip)
        self._greenlets.see(thread, _forest.SEED_ALL)
        forest.seed(thread, frame)
        _running.append(self)
        if self.path is not None:
            _endings.savers.append(self._save)
        self._helper.start()

    def stop(self) -> None:
        """End; what is open is closed now. Does nothing the second time."""
        forest = self._forest
        if not forest.is_running:
            return
        self._helper.stop()
        now = perf_counter()
        forest.end(now)
        self._greenlets.stop()
        self._note_time()
        _running.remove(self)
        if self._save in _endings.savers:
            _endings.savers.remove(self._save)

    def ignore_this_thread(self) -> None:
        """Count nothing of the calling thread."""
        self._forest.ignore_here()

    def _note_time(self) -> None:
        self._facts.tick_now = perf_counter_ns()
        self._facts.cpu_now = process_time_ns()

    # --- what it has ---

    def note(self, kind: int, data: bytes) -> None:
        """Append a META record (docs/data-file.md) to the image."""
        self._facts.notes.append((kind, bytes(data)))

    def set_costs(
        self, inside: float, outside: float, c_inside: float, c_outside: float
    ) -> None:
        """Set the cost of monitoring per activation, in ns, and of C functions."""
        self._facts.costs = (inside, outside, c_inside, c_outside)

    def running(self) -> list[tuple[int, int, int]]:
        """Tell of each thread that lives: index, innermost node, CPU time in ns."""
        return [
            (thread.index, thread.node.id, int(thread.cpu_time() * 1e9))
            for thread in self._forest.threads
            if not thread.ended
        ]

    def stats(self) -> dict[str, int]:
        """Count what is there so far; O(nodes)."""
        forest = self._forest
        threads = forest.threads
        return {
            "nodes": len(forest.nodes),
            "codes": len(forest.codes.names),
            "threads": len(threads),
            "events": sum(map(_nodes.Node.count_events, forest.nodes)),
            "depth": max((t.node.depth for t in threads if not t.ended), default=0),
            "max_depth": max((t.max_depth for t in threads), default=0),
            "recorded": 0,
            "dropped": 0,
            "unmatched": forest.unmatched,
            "repaired": forest.repaired,
            "bytes": 4096 + 128 * len(forest.nodes) + 256 * len(threads),
        }

    def image(self) -> bytes:
        """Give the whole data file, compact; about 5 us per node."""
        if self._forest.is_running:
            self._note_time()
        return write(self._forest, self._facts)

    # --- the file ---

    def finish(self) -> str | None:
        """Stop, and write the finished data file; its path, None without one.

        OSError if it cannot be written; the last saved state stays then.
        """
        self.stop()
        if self.path is not None:
            self._save()
        return self.path

    # Not by `Replacing`: the data file takes the place of what has its name, a link
    # too, as that of the C core does; and this runs in the middle of a program, which
    # may have harmed what os.path is made of.
    def _save(self) -> None:
        assert self.path is not None
        temporary = f"{self.path}.{os.getpid()}.new"
        data = self.image()
        try:
            _write_file(temporary, data)
            os.replace(temporary, self.path)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise

    # --- fork ---

    def _before_fork(self) -> None:
        self._helper.stop()

    def _after_fork_in_parent(self) -> None:
        if not self._forest.is_running:
            return
        if COUNTS_THREADS_AFTER_HOOKS and not self._sampled:
            LATER.append((perf_counter() + _AFTER_FORK, self._helper.start))
        else:
            self._helper.start()

    def _after_fork_in_child(self) -> None:
        """Begin afresh: the parent's data, and its file, are the parent's."""
        parent = self.pid
        if self._root is not None:
            root, extension = os.path.splitext(self._root)
            self.path = f"{root}.{os.getpid()}{extension}"
        costs = self._facts.costs
        self._facts = Facts(os.getpid(), parent)
        self._facts.costs = costs
        self._begin_child()
        self._helper.start()

    def _begin_child(self) -> None:
        self._forest.clear()
        self._set_origin()
        self._forest.begin()


def _write_file(path: str, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _O_CLOEXEC, 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)


def _before_fork() -> None:
    for builder in _running:
        builder._before_fork()


def _after_fork_in_parent() -> None:
    for builder in _running:
        builder._after_fork_in_parent()


def _after_fork_in_child() -> None:
    for builder in _running:
        builder._after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
