"""Programs that fail, with a name and a source of their own, and what they leave."""

from __future__ import annotations

import linecache
import re
import subprocess
import sys
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import frametools
from frametools.tracebacks import enhanced_traceback

things: list[weakref.ref[Any]] = []
"""What programs had in their frames."""
failures: list[BaseException] = []
"""What programs raised."""


def let_go() -> None:
    """Take the tracebacks off what was raised, and from what that came.

    A frame that has ended refers to its caller (`take_ownership`), here the test's,
    and that to the exception: a cycle of the test's own.
    """
    while failures:
        each = failures.pop()
        others = [_get(each, "__cause__"), _get(each, "__context__")]
        if issubclass(type(each), BaseExceptionGroup):
            others += each.exceptions  # type: ignore[attr-defined]
        for name in ("__traceback__", "__cause__", "__context__"):
            BaseException.__dict__[name].__set__(each, None)
        failures.extend(filter(None, others))


def _get(exc: BaseException, name: str) -> Any:
    """Get what the class of an exception may not want to give."""
    return BaseException.__dict__[name].__get__(exc)


class Thing:
    """A value whose death is watched."""

    def __init__(self) -> None:
        things.append(weakref.ref(self))

    def __repr__(self) -> str:
        return "Thing()"


def run_script(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a file in a Python of its own, which knows frametools and nothing else."""
    return subprocess.run(
        [sys.executable, str(script)],
        env={"PYTHONPATH": str(Path(frametools.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


def program(source: str, name: str = "app.py", **names: Any) -> dict[str, Any]:
    """Run a source as a module of that file, and give its names."""
    text = dedent(source).lstrip("\n")
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "app", "Thing": Thing, **names}
    exec(compile(text, name, "exec", dont_inherit=True), space)
    return space


def raised(function: Callable[..., object], *args: object) -> BaseException:
    """Call a function that fails; give its exception, this frame taken off."""
    try:
        function(*args)
    except BaseException as exc:
        BaseException.with_traceback(exc, _get(exc, "__traceback__").tb_next)
        failures.append(exc)
        return exc
    raise AssertionError("nothing was raised")


def failure(source: str, name: str = "app.py", **names: Any) -> BaseException:
    """Give the exception that `main()` of a source raises."""
    return raised(program(source, name, **names)["main"])


def without_carets(text: str) -> str:
    """Leave out the lines with carets: they differ from Python to Python."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not re.fullmatch(r"[ |]*[\^~]+\n?", line))


SEED = """
    def parse_number(s):
        with enhanced_traceback(**options):
            value = int(s)
        return value * 2

    def main():
        thing = Thing()
        parse_number("abc")
"""


def seed(**options: Any) -> BaseException:
    """Give what the seed's program raises."""
    names: Any = {"enhanced_traceback": enhanced_traceback, "options": options}
    return failure(SEED, **names)


def note(exc: BaseException) -> str:
    """Give the only note of an exception."""
    (text,) = exc.__notes__
    return text


def files(exc: BaseException) -> list[str]:
    """List the functions of a traceback."""
    return [each.name for each in traceback.extract_tb(exc.__traceback__)]
