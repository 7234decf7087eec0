"""One event is one line, without control characters and without secrets."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import threading

import pytest

from frametools import log_calls

ODD = "a\n\x1b[31mb\r\x85\u2028"
ESCAPED = "a\\n\\x1b[31mb\\r\\x85\\u2028"


class Odd:
    """Its repr has all that ends a line."""

    def __repr__(self) -> str:
        return ODD


def test_control_characters_of_a_repr(lines: list[str]) -> None:
    """They are escaped, in containers and exceptions as well."""

    @log_calls(sink=lines.append)
    def f(value: object, **more: object) -> object:
        if more:
            raise LookupError(value)
        return [value]

    f(Odd())
    with pytest.raises(LookupError):
        f(Odd(), **{ODD: 1})
    assert lines == [
        f"→ f({ESCAPED})",
        f"← f({ESCAPED}) = [{ESCAPED}]",
        f"→ f({ESCAPED}, {ESCAPED}=1)",
        f"✗ f({ESCAPED}, {ESCAPED}=1) raised LookupError({ESCAPED})",
    ]


def test_control_characters_of_what_is_plain(lines: list[str]) -> None:
    """The short way writes one line too; JSON does."""

    @log_calls(sink=lines.append)
    def f(value: object) -> object:
        return value

    f(Odd()), f(ODD)
    assert lines[0::2] == [f"→ f({ESCAPED})", f"→ f({ODD!r})"]
    assert "".join(lines).isprintable()
    lines.clear()
    log_calls(f, sink=lines.append, form="json")(Odd())
    assert json.loads(lines[0])["args"] == {"value": ESCAPED}


def test_control_characters_of_names(lines: list[str]) -> None:
    """Functions, threads and tasks may be called anything."""

    def f() -> None:
        pass

    f.__qualname__ = ODD
    logged = log_calls(f, sink=lines.append)
    logged()
    thread = threading.Thread(target=logged, name=ODD)
    thread.start()
    thread.join()

    async def main() -> None:
        logged()

    async def start() -> None:
        await asyncio.create_task(main(), name=ODD + "task")

    asyncio.run(start())
    assert all(line.isprintable() for line in lines)
    assert lines[0] == f"→ {ESCAPED}()"
    assert f"[{ESCAPED}task] → {ESCAPED}()" in lines


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Give what is told on the real standard error."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", stream)
    return stream


def test_what_a_failing_sink_says(stderr: io.StringIO) -> None:
    """It is one line without secrets, though the error may have the logged line."""

    def sink(line: str) -> None:
        raise OSError(f"cannot send to pg://me:hunter2@db\n\x1btoken=hunter2: {line}")

    @log_calls(sink=sink)
    def f() -> None:
        pass

    f()
    assert stderr.getvalue() == (
        "frametools: log_calls: the sink failed, and is left alone: OSError: "
        "cannot send to pg://me:<redacted>@db\\n\\x1btoken=<redacted> → f()\n"
    )


def test_what_a_failing_enabled_says(lines: list[str], stderr: io.StringIO) -> None:
    """It is told of once for each function; the calls have no line, and go on."""

    def enabled() -> bool:
        raise ValueError("token=hunter2")

    def f(n: int) -> int:
        return n

    def g(n: int) -> int:
        return n

    for each in (f, g):
        logged = log_calls(each, sink=lines.append, enabled=enabled)
        assert logged(1) + logged(2) == 3
    assert lines == []
    text = "failed, so a call has no line: ValueError: token=<redacted>"
    assert stderr.getvalue().splitlines() == [
        f"frametools: log_calls: `enabled` of {name} {text}" for name in "fg"
    ]
