"""`install`: each hook shows variables, falls back, and is put back."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from frametools import tracebacks
from tests.tracebacks.programs import failure, program, run_script

FAILS = """
    def main():
        thing = Thing()
        1 / 0
"""


@pytest.fixture(autouse=True)
def uninstalled() -> Iterator[None]:
    """Put the hooks back, whatever happens."""
    yield
    tracebacks.uninstall()


def hooks() -> tuple[object, object, object]:
    """Give the hooks as they are."""
    return sys.excepthook, threading.excepthook, sys.unraisablehook


def test_install_and_uninstall() -> None:
    """A second call replaces the first; in the end all is as it was."""
    before = hooks()
    tracebacks.install()
    first = hooks()
    assert set(first).isdisjoint(before)
    with tracebacks.install(head=1):
        assert set(hooks()).isdisjoint(first)
    assert hooks() == before
    tracebacks.uninstall()
    assert hooks() == before


def test_a_hook_that_came_later_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uninstalling takes away ours only."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    tracebacks.install()
    other = lambda *_: None  # noqa: E731
    sys.excepthook = other
    tracebacks.uninstall()
    assert sys.excepthook is other


def test_a_wrong_option_installs_nothing() -> None:
    """A TypeError, and the hooks are as before."""
    before = hooks()
    with pytest.raises(TypeError):
        tracebacks.install(depth=1)  # type: ignore[call-arg]
    assert hooks() == before


def test_what_nobody_caught(capsys: pytest.CaptureFixture[str]) -> None:
    """The main thread's hook."""
    tracebacks.install()
    exc = failure(FAILS)
    sys.excepthook(type(exc), exc, exc.__traceback__)
    assert capsys.readouterr().err == tracebacks.format(exc)


def test_what_nobody_caught_in_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    """The thread is named; SystemExit ends it silently."""
    tracebacks.install()
    main = program(FAILS)["main"]
    for target in (main, sys.exit):
        thread = threading.Thread(target=target, name="worker")
        thread.start()
        thread.join()
        del thread
    text = capsys.readouterr().err
    assert text.startswith("Exception in thread worker:\nTraceback (most recent")
    assert text.endswith("      thing = Thing()\nZeroDivisionError: division by zero\n")
    assert text.count("Exception in") == 1


def test_what_cannot_be_raised(capsys: pytest.CaptureFixture[str]) -> None:
    """An error in a `__del__`: the object is named, and not kept."""
    tracebacks.install()
    program("""
        class Dying:
            def __del__(self):
                thing = Thing()
                1 / 0

        Dying()
    """)
    text = capsys.readouterr().err
    first, *_, last = text.splitlines()
    assert first.startswith("Exception ignored ")
    assert "Dying.__del__ at 0x" in first
    assert last == "ZeroDivisionError: division by zero"
    assert "      thing = Thing()\n" in text


def test_a_hook_of_ours_that_fails_calls_the_one_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own, or whatever was there."""
    called: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda *_: called.append("main"))
    monkeypatch.setattr(threading, "excepthook", lambda _: called.append("thread"))
    monkeypatch.setattr(sys, "unraisablehook", lambda _: called.append("unraisable"))

    def fails(*_: object, **__: object) -> Any:
        raise SystemExit(1)

    tracebacks.install()
    monkeypatch.setattr("frametools.tracebacks.hooks.capture_given", fails)
    exc = failure(FAILS)
    sys.excepthook(type(exc), exc, exc.__traceback__)
    thread = threading.Thread(target=program(FAILS)["main"])
    thread.start()
    thread.join()
    program("class Dying:\n    def __del__(self): 1 / 0\nDying()\n")
    assert called == ["main", "thread", "unraisable"]
    assert capsys.readouterr().err == ""
    tracebacks.uninstall()


def test_a_task_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """The handler of the loop that runs logs a text, and no exception."""
    space = program("""
        async def fails():
            thing = Thing()
            1 / 0
    """)

    async def main() -> None:
        tracebacks.install()
        loop = asyncio.get_running_loop()
        error = await asyncio.gather(space["fails"](), return_exceptions=True)
        loop.call_exception_handler({"message": "it failed", "exception": error[0]})
        error[0].__traceback__ = None
        loop.call_exception_handler({"message": "no error"})
        tracebacks.uninstall()
        assert loop.get_exception_handler() is None

    asyncio.run(main())
    first, second = caplog.records
    assert first.getMessage().startswith(
        "it failed\nTraceback (most recent call last):"
    )
    assert "      thing = Thing()\n" in first.getMessage()
    assert first.exc_info is None
    assert second.getMessage() == "no error"


def test_the_formatter_shows_variables() -> None:
    """And leaves the record as other handlers would find it."""
    plain, ours = io.StringIO(), io.StringIO()
    logger = logging.getLogger("frametools.test_hooks")
    logger.propagate = False  # pytest's own handler would keep the record
    for stream, formatter in [
        (ours, tracebacks.Formatter("%(message)s", limit=50)),
        (plain, logging.Formatter("%(message)s")),
        (ours, tracebacks.Formatter("%(message)s")),
    ]:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    exc = failure(FAILS)
    logger.error("it failed", exc_info=exc)
    text = tracebacks.format(exc)
    assert ours.getvalue() == f"it failed\n{text}" * 2
    assert "      thing" not in plain.getvalue()
    logger.error("no error", exc_info=(None, None, None))
    logger.handlers.clear()
    assert ours.getvalue().endswith("no error\nNoneType: None\n")


DEEPER = """
    def main():
        inner()

    def inner():
        thing = Thing()
        1 / 0
"""


def test_hooks_show_the_traceback_that_they_are_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One that is cut, as loggers and frameworks do; the exception's own stays."""
    tracebacks.install()
    exc = failure(DEEPER)
    whole = exc.__traceback__
    assert whole is not None
    kind, cut = type(exc), whole.tb_next
    threads = threading.ExceptHookArgs((kind, exc, cut, None))
    sys.excepthook(kind, exc, cut)
    threading.excepthook(threads)
    ignored = types.SimpleNamespace(
        exc_type=kind, exc_value=exc, exc_traceback=cut, err_msg=None, object=None
    )
    sys.unraisablehook(ignored)  # type: ignore[arg-type]
    text = capsys.readouterr().err
    assert text.count(", in inner\n") == 3
    assert ", in main\n" not in text
    assert exc.__traceback__ is whole
    sys.excepthook(kind, exc, None)
    assert capsys.readouterr().err == tracebacks.format(exc)
    del whole, cut, threads, ignored


@pytest.mark.parametrize("is_failing", [False, True])
def test_the_formatter_shows_the_traceback_that_it_is_given(
    is_failing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As logging's own does, if we fail too."""
    if is_failing:
        monkeypatch.setattr("frametools.tracebacks.printing.render", None)
    exc = failure(DEEPER)
    cut = exc.__traceback__ and exc.__traceback__.tb_next
    text = tracebacks.Formatter().formatException((type(exc), exc, cut))
    assert ", in inner\n" in text
    assert ", in main\n" not in text
    none = tracebacks.Formatter().formatException((type(exc), exc, None))
    assert none == "ZeroDivisionError: division by zero"
    del cut


class Shell:
    """What IPython has of `set_custom_exc`."""

    def __init__(self) -> None:
        self.custom_exceptions: tuple[type, ...] = ()
        self.CustomTB: Any = None
        self.shown: list[object] = []

    def set_custom_exc(self, kinds: tuple[type, ...], handler: Any) -> None:
        """Set the handler."""
        self.custom_exceptions, self.CustomTB = kinds, handler

    def showtraceback(self, info: Any, tb_offset: object = None) -> None:
        """Show it as usual."""
        self.shown.append(tb_offset)


def test_ipython(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of cells are shown with variables; the traceback stays as it was."""
    shell = Shell()
    tracebacks.install(ipython=shell)
    exc = failure(FAILS)
    before = exc.__traceback__
    shell.CustomTB(shell, type(exc), exc, exc.__traceback__, tb_offset=1)
    assert exc.__traceback__ is before
    del before
    assert capsys.readouterr().out == tracebacks.format(exc)
    tracebacks.uninstall()
    assert (shell.custom_exceptions, shell.CustomTB) == ((), None)


def test_ipython_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """If we fail the shell shows it."""

    def fails(*_: object, **__: object) -> Any:
        raise ValueError

    shell = Shell()
    tracebacks.install(ipython=shell)
    monkeypatch.setattr("frametools.tracebacks.hooks.capture_given", fails)
    exc = failure(FAILS)
    shell.CustomTB(shell, type(exc), exc, None, tb_offset=3)
    assert shell.shown == [3]


def test_a_program_that_ends_with_an_error(tmp_path: Path) -> None:
    """Exit status and last line are Python's; nothing of ours is in the traceback."""
    script = tmp_path / "app.py"
    script.write_text(
        "from frametools import tracebacks\n"
        "tracebacks.install()\n"
        "password = 'hunter2'\n"
        "def f(x):\n"
        "    y = x / 0\n"
        "f(1)\n"
    )
    done = run_script(script)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if "^" not in line]
    assert lines == [
        "Traceback (most recent call last):",
        f'  File "{script}", line 6, in <module>',
        "    f(1)",
        "      password = <redacted>",
        f'  File "{script}", line 5, in f',
        "    y = x / 0",
        "      x = 1",
        "      y = <not yet assigned>",
        "ZeroDivisionError: division by zero",
    ]
