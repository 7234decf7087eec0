"""Greenlets in the Python twin: one thread, several stacks.

greenlet.settrace tells of each switch. Without it the calls of one greenlet would
hang below those of another. A switch costs O(depth), since a suspended greenlet's
activations begin that much later: the time between is not theirs.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from time import perf_counter

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from frametools.monitor._forest import Forest
    from frametools.monitor._nodes import Thread


class Greenlets:
    """Watches the greenlets of one forest, as soon as there are any."""

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self._module: Any = None
        self._tracers: dict[int, Any] = {}
        """The program's own greenlet.settrace of each thread; it is called on."""

    def see(self, thread: Thread, seed: bool) -> None:
        """Begin to watch this thread, if greenlet has been imported."""
        if self._module is None:
            module = sys.modules.get("greenlet")
            if not hasattr(module, "settrace"):
                return
            self._module = module
        if not thread.greenlet:
            thread.greenlet = True  # whatever follows, it is not tried again
            self._watch(thread, seed)

    def _watch(self, thread: Thread, seed: bool) -> None:
        current = self._module.getcurrent()
        self._tracers[get_ident()] = self._module.settrace(self._on_switch)
        if current.parent is not None and thread.node is not thread.root:
            # First seen inside a greenlet: what is on the stack is that of the
            # one which switched here, most likely the parent.
            thread.put_aside(id(current.parent), perf_counter())
            self.forest.seed(thread, self.forest.program_frame(seed))

    def _on_switch(self, event: str, pair: tuple[Any, Any]) -> None:
        self._switch(pair)
        tracer = self._tracers.get(get_ident())
        if tracer is not None:
            tracer(event, pair)

    def _switch(self, pair: tuple[Any, Any]) -> None:
        forest = self.forest
        thread = getattr(forest.local, "thread", None)
        if thread is None or not forest.is_running or thread.run != forest.run:
            return
        now = perf_counter()
        thread.sync(thread.node, now)
        origin, target = pair
        if origin.dead:
            thread.close(thread.root, now)
        else:
            thread.put_aside(id(origin), now)
        if not thread.put_back(id(target), now):
            forest.seed(thread, forest.program_frame(callers=False))

    def stop(self) -> None:
        """Watch this thread no longer; other threads' switches are ignored."""
        if self._module is not None and self._module.gettrace() == self._on_switch:
            self._module.settrace(self._tracers.get(get_ident()))
