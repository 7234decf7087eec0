"""`install`: every traceback of the program with variables, until `uninstall`.

    sys.excepthook           what nobody caught            text on stderr
    threading.excepthook     ... in a thread
    sys.unraisablehook       ... in a `__del__`, a callback
    loop exception handler   ... in an asyncio task        logged
    asyncio's logger         ... of any loop, later too    logged
    IPython                  ... in a cell                 text

If one of ours fails, the hook that was there before is called.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools._safe_repr import safe_repr
from frametools.tracebacks.asyncio_log import LoggerOfAsyncio
from frametools.tracebacks.capture import capture_given
from frametools.tracebacks.colours import COLOURED, PLAIN, encodable, wants_colour
from frametools.tracebacks.fields import traceback_of
from frametools.tracebacks.options import Options
from frametools.tracebacks.printing import OURS
from frametools.tracebacks.rendering import render

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self, Unpack

    from frametools.tracebacks.options import Choices


class Installation:
    """What `install` has done; `uninstall` or leaving a `with` block undoes it."""

    def __init__(self, options: Choices) -> None:
        self._options = options
        self._undo: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.uninstall()

    def uninstall(self) -> None:
        """Put back what was there; a hook that replaced ours since then stays."""
        while self._undo:
            self._undo.pop()()

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Replace a hook by what `make` makes of it."""
        before = getattr(owner, name)
        ours = make(before)
        setattr(owner, name, ours)

        def undo() -> None:
            if getattr(owner, name) is ours:
                setattr(owner, name, before)

        self._undo.append(undo)

    def uncaught(self, before: Any) -> Any:
        """Make a `sys.excepthook`."""

        def excepthook(
            kind: type[BaseException],
            exc: BaseException,
            traceback: TracebackType | None,
        ) -> None:
            if not self._show(exc, traceback, ""):
                before(kind, exc, traceback)

        return excepthook

    def in_thread(self, before: Any) -> Any:
        """Make a `threading.excepthook`: SystemExit ends a thread silently."""

        def excepthook(args: threading.ExceptHookArgs) -> None:
            if args.exc_type is SystemExit:
                return
            name = "?" if args.thread is None else args.thread.name
            says = f"Exception in thread {name}:\n"
            if args.exc_value is None or not self._show(
                args.exc_value, args.exc_traceback, says
            ):
                before(args)

        return excepthook

    def unraisable(self, before: Any) -> Any:
        """Make a `sys.unraisablehook`; the object is not kept."""

        def unraisablehook(args: sys.UnraisableHookArgs) -> None:
            says = args.err_msg or "Exception ignored in"
            if args.object is not None:
                says += f": {safe_repr(args.object, 100)}"
            if args.exc_value is None or not self._show(
                args.exc_value, args.exc_traceback, f"{says}\n"
            ):
                before(args)

        return unraisablehook

    def loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set the exception handler of a loop."""
        from frametools.tracebacks.logs import loop_handler

        before, ours = loop.get_exception_handler(), loop_handler(self._options)
        loop.set_exception_handler(ours)

        def undo() -> None:
            if loop.get_exception_handler() is ours:
                loop.set_exception_handler(before)

        self._undo.append(undo)

    def asyncio_log(self) -> None:
        """Show variables in what asyncio's own handler logs, of whatever loop."""
        waiting = LoggerOfAsyncio(self._options)
        self._undo.append(waiting.remove)
        waiting.wait()

    def ipython(self, shell: Any) -> None:
        """Set the handler of all exceptions of IPython cells."""

        def handler(
            shell: Any,
            kind: type[BaseException],
            exc: BaseException,
            traceback: TracebackType | None,
            tb_offset: int | None = None,
        ) -> None:
            cells = _without_shell(traceback)
            if not self._show(exc, cells, "", sys.stdout):
                shell.showtraceback((kind, exc, traceback), tb_offset=tb_offset)

        before = shell.custom_exceptions, getattr(shell, "CustomTB", None)
        shell.set_custom_exc((BaseException,), handler)

        def undo() -> None:
            shell.set_custom_exc(*before)

        self._undo.append(undo)

    def _show(
        self,
        exc: BaseException,
        traceback: TracebackType | None,
        says: str,
        file: Any = None,
    ) -> bool:
        """Write a traceback; False if that failed before anything was written.

        It is the exception's own if none is given, as Python's own hook has it.
        """
        try:
            file = sys.stderr if file is None else file
            if file is None:
                return True
            theme = COLOURED if wants_colour(file) else PLAIN
            given = traceback_of(exc) if traceback is None else traceback
            snapshot = capture_given(exc, given, **self._options)
            text = says + render(snapshot, theme, Options.checked(self._options))
            file.write(encodable(text, file))
            file.flush()
        except OURS as error:
            if is_the_programs(error):
                raise
            return False
        return True


def _without_shell(traceback: TracebackType | None) -> TracebackType | None:
    """Begin with the cell: leave out IPython's own frames that run it."""
    first = traceback
    while first is not None:
        name = first.tb_frame.f_globals.get("__name__", "")
        if type(name) is not str or not name.startswith("IPython."):
            return first
        first = first.tb_next
    return traceback


_installed: list[Installation] = []


def install(
    *,
    loop: asyncio.AbstractEventLoop | None = None,
    ipython: Any = None,
    **options: Unpack[Choices],
) -> Installation:
    """Show variables in the tracebacks of what nobody caught; undone by `uninstall`.

    In the main thread, in other threads, in `__del__`; in tasks and callbacks of every
    asyncio loop that has no handler of its own, and of `loop`; in the cells of
    `ipython`, or of the IPython that this is called in. Colours as `print` has them.
    Returns the Installation, which is a context manager too. A second call replaces the
    first. Options are those of `Options`; a wrong one, or what is no loop or shell, is
    a TypeError, and nothing is changed. Costs nothing until there is a traceback; 0.3
    us per module imported before asyncio is.
    """
    Options.checked(options, loop=loop, ipython=ipython)
    uninstall()
    done = Installation(options)
    _installed.append(done)
    try:
        done.replace(sys, "excepthook", done.uncaught)
        done.replace(threading, "excepthook", done.in_thread)
        done.replace(sys, "unraisablehook", done.unraisable)
        done.asyncio_log()
        if (chosen := _running_loop() if loop is None else loop) is not None:
            done.loop(chosen)
        if (shell := _shell() if ipython is None else ipython) is not None:
            done.ipython(shell)
    except BaseException:  # of a loop or a shell
        uninstall()
        raise
    return done


def uninstall() -> None:
    """Undo `install`; nothing if it was not called. Raises nothing."""
    while _installed:
        _installed.pop().uninstall()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the loop that runs, unless the program handles what it is left."""
    running = sys.modules.get("asyncio")
    if running is None:
        return None
    try:
        found: asyncio.AbstractEventLoop = running.get_running_loop()
    except RuntimeError:
        return None
    return found if found.get_exception_handler() is None else None


def _shell() -> Any:
    """Give the IPython that runs this, if one does."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()
