"""`install` reaches the asyncio loops that are made later; nothing stays behind."""

from __future__ import annotations

import asyncio
import asyncio.log
import gc
import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from frametools import tracebacks
from tests.tracebacks.programs import program, run_script, without_carets

LOGGER = asyncio.log.logger


@pytest.fixture(autouse=True)
def uninstalled() -> Iterator[None]:
    """All is as before when everything is uninstalled."""
    before = list(LOGGER.filters), list(sys.meta_path)
    yield
    tracebacks.uninstall()
    assert (LOGGER.filters, sys.meta_path) == before


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Give what asyncio logs, as a program that has set nothing up would see it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    LOGGER.addHandler(handler)
    LOGGER.propagate = False  # pytest's own handlers would keep the record
    try:
        yield written
    finally:
        LOGGER.propagate = True
        LOGGER.removeHandler(handler)


async def failing(how: str, handler: Any = None) -> None:
    """Leave an error to the loop."""
    space = program("""
        async def fails():
            thing = Thing()
            1 / 0

        def calls():
            thing = 5  # what is here a cycle of Handle._run keeps
            1 / 0
    """)
    loop = asyncio.get_running_loop()
    if handler is not None:
        loop.set_exception_handler(handler)
    if how == "task":
        task = loop.create_task(space["fails"]())
        await asyncio.wait([task])
        del task
        gc.collect()
    else:
        loop.call_soon(space["calls"])
        await asyncio.sleep(0)


@pytest.mark.parametrize("how", ["task", "callback"])
def test_a_later_loop_shows_variables(how: str) -> None:
    """Of a task nobody asked for, and of a callback; plainly once uninstalled."""
    tracebacks.install()
    with logged() as stream:
        asyncio.run(failing(how))
    text = stream.getvalue()
    message = {"task": "Task exception was never", "callback": "Exception in callback"}
    assert text.startswith(message[how])
    value = {"task": "Thing()", "callback": "5"}[how]
    shown = f"    1 / 0\n      thing = {value}\nZeroDivisionError"
    assert shown in without_carets(text)
    tracebacks.uninstall()
    with logged() as stream:
        asyncio.run(failing(how))
    assert stream.getvalue().startswith(message[how])
    assert "thing" not in stream.getvalue()


def test_a_handler_of_the_program_stays_in_charge() -> None:
    """It is called with what it was always called with, and ours is not set."""
    seen: list[Any] = []

    def handler(_: object, context: dict[str, Any]) -> None:
        seen.append((sorted(context), type(context["exception"])))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(handler)
        tracebacks.install()
        assert loop.get_exception_handler() is handler

    with logged() as stream:
        asyncio.run(failing("callback", handler))
        plain = seen.pop()
        tracebacks.install()
        asyncio.run(failing("callback", handler))
        assert seen == [plain]
        asyncio.run(main())
    assert stream.getvalue() == ""


def test_the_record_keeps_its_error() -> None:
    """Other handlers find it, and a text that somebody made before."""
    tracebacks.install()
    (found,) = [each for each in LOGGER.filters if not callable(each)]
    error = ValueError(5)
    record = logging.LogRecord("asyncio", 40, "", 1, "m", None, None)
    assert found.filter(record)
    assert record.exc_text is None
    record.exc_info = (ValueError, error, None)
    assert found.filter(record)
    assert record.exc_text == "ValueError: 5"
    assert record.exc_info[1] is error
    record.exc_text = "theirs"
    assert found.filter(record)
    assert record.exc_text == "theirs"


def test_a_failure_of_ours_stays_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is logged as it would have been."""

    def fails(*_: object, **__: object) -> Any:
        raise SystemExit

    tracebacks.install()
    monkeypatch.setattr("frametools.tracebacks.asyncio_log.format_given", fails)
    with logged() as stream:
        LOGGER.error("it failed", exc_info=ValueError(5))
    assert stream.getvalue() == "it failed\nValueError: 5\n"


BEFORE = """
import sys
from frametools import tracebacks

paths = list(sys.meta_path)
tracebacks.install()
assert "asyncio" not in sys.modules
import asyncio

async def main():
    asyncio.get_running_loop().call_soon(fails)
    await asyncio.sleep(0)

def fails():
    x = 5
    1 / 0

asyncio.run(main())
tracebacks.uninstall()
assert sys.meta_path == paths
assert asyncio.log.logger.filters == []
asyncio.run(main())
"""


def test_asyncio_may_be_imported_later(tmp_path: Path) -> None:
    """Nothing is loaded for it, and the logger is made by asyncio itself."""
    script = tmp_path / "app.py"
    script.write_text(BEFORE)
    done = run_script(script)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Exception in callback fails()") == 2
    assert done.stderr.count("      x = 5\nZeroDivisionError") == 1


def test_a_finder_may_be_asked_by_keywords(monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs do whose own finder asks those behind it."""
    monkeypatch.delitem(sys.modules, "asyncio.log")
    tracebacks.install()
    for finder in sys.meta_path:
        assert finder.find_spec("there_is_none", None, target=None) is None
