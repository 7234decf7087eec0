"""Each option of `log_calls`, and what it says of a wrong one."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from typing import Any

import pytest

from frametools.calls import flow, log_calls


def test_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a sink lines go to what `sys.stderr` is now."""

    @log_calls
    def f() -> None:
        pass

    f()
    assert capsys.readouterr() == ("", "→ f()\n← f() = None\n")


def test_a_stream_without_arrows() -> None:
    """What a stream cannot encode is written in ASCII."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", newline="\n")

    @log_calls(sink=stream)
    def f(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="é"):
        f("é€")
    stream.flush()
    assert raw.getvalue().decode("latin-1") == (
        "> f('é\\u20ac')\n! f('é\\u20ac') raised ValueError('é\\u20ac')\n"
    )


def test_a_logger(caplog: pytest.LogCaptureFixture) -> None:
    """Records have the level asked for, and the place of the logged function."""
    logger = logging.getLogger("frametools.test")

    @log_calls(sink=logger, level=logging.INFO)
    def f(percent: str) -> None:
        pass

    with caplog.at_level(logging.INFO):
        f("%s")
    first = caplog.records[0]
    assert (first.getMessage(), first.levelname) == ("→ f('%s')", "INFO")
    assert (first.funcName, first.pathname) == ("f", __file__)
    caplog.clear()


def test_args(lines: list[str]) -> None:
    """None, or those that are named; the result may be left out."""

    def f(a: int, *rest: int, b: int = 2) -> int:
        return a + b

    log_calls(f, sink=lines.append, args=False, result=False)
    logged = log_calls(f, sink=lines.append, args=False, result=False)
    logged(1)
    assert lines == ["→ f(…)", "← f(…)"]
    lines.clear()
    logged = log_calls(f, sink=lines.append, args=["b", "rest"])
    logged(1, 5, b=3)
    assert lines[0] == "→ f(5, b=3, …)"


def test_arguments_that_are_left_out(lines: list[str]) -> None:
    """An ellipsis stands for some; `self` is none. What is behind one has a name."""

    class C:
        def f(self, user: str) -> None:
            pass

        def g(self, count: int, user: str, *, more: int = 1) -> None:
            pass

        def h(self) -> None:
            pass

    log_calls(C, sink=lines.append, args=["user"], result=False)
    C().f("x"), C().g(1, "x"), C().h()
    assert lines[::2] == ["→ C.f('x')", "→ C.g(user='x', …)", "→ C.h()"]


def test_arguments_of_builtins(lines: list[str]) -> None:
    """They have no names that are known: with `args` all are left out."""
    log_calls(len, sink=lines.append, args=False)([1])
    log_calls(len, sink=lines.append, args=["obj"])([1])
    assert lines[::2] == ["→ len(…)", "→ len(…)"]


def test_secrets(lines: list[str]) -> None:
    """By the names of parameters, keys and functions, and in URLs."""

    @log_calls(sink=lines.append)
    def connect(url: str, password: str, options: dict[str, str], **more: str) -> str:
        return url

    @log_calls(sink=lines.append)
    def get_token() -> str:
        return "hunter2"

    url = "postgres://me:hunter2@host/db"
    connect(url, "hunter2", {"api_key": "hunter2", "a": "b"}, secret="hunter2")
    get_token()
    assert "hunter2" not in "".join(lines)
    assert "'a': 'b'" in lines[0]


def test_more_and_fewer_secrets(lines: list[str]) -> None:
    """Names of one's own are hidden too; or nothing is."""

    def f(pin: int, token: int) -> None:
        pass

    log_calls(f, sink=lines.append, redact=["PIN"])(1, 2)
    log_calls(f, sink=lines.append, redact=False)(1, 2)
    log_calls(f, sink=lines.append, redact=lambda name: name == "pin")(1, 2)
    assert lines[::2] == [
        "→ f(<redacted>, <redacted>)",
        "→ f(1, 2)",
        "→ f(<redacted>, 2)",
    ]


def test_redaction_that_fails(lines: list[str]) -> None:
    """It never reaches the program, nor does the value the line."""

    def redact(name: object) -> bool:
        raise ValueError(name)

    @log_calls(sink=lines.append, redact=redact)
    def f(a: str, **more: str) -> dict[str, str]:
        return {"a": a}

    assert f("hunter2", b="hunter2") == {"a": "hunter2"}
    assert lines[0] == "→ f(<redacted>, b=<redacted>)"
    assert len(lines) == 2
    assert "hunter2" not in lines[1]


def test_large_values(lines: list[str]) -> None:
    """Values are bounded while their text is built."""

    @log_calls(sink=lines.append, repr_limit=40, result=False)
    def f(*args: Any) -> None:
        pass

    f(list(range(10**6)), "x" * 10**7)
    assert len(lines[0]) < 100
    f(*range(50))
    assert lines[2].endswith("29, … (20 more))")


class Hostile:
    """Its repr is of no use."""

    def __init__(self, error: type[BaseException]) -> None:
        """Raise this."""
        self.error = error

    def __repr__(self) -> str:
        raise self.error


@pytest.mark.parametrize("error", [ValueError, SystemExit, RecursionError])
def test_a_repr_that_fails(lines: list[str], error: type[BaseException]) -> None:
    """Whatever a repr does, the call goes on."""

    @log_calls(sink=lines.append)
    def f(value: object) -> object:
        return value

    hostile = Hostile(error)
    assert f(hostile) is hostile
    text = f"<Hostile object, repr raised {error.__name__}>"
    assert lines == [f"→ f({text})", f"← f({text}) = {text}"]


def test_a_sink_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """It is told of once, and the program goes on."""
    written: list[str] = []

    def sink(line: str) -> None:
        written.append(line)
        raise OSError("full")

    @log_calls(sink=sink)
    def f() -> int:
        return 1

    stderr, sys.__stderr__ = sys.__stderr__, sys.stderr  # type: ignore[misc, assignment]
    try:
        assert f() + f() == 2
    finally:
        sys.__stderr__ = stderr  # type: ignore[misc]
    assert written == ["→ f()"]
    message = "the sink failed, and is left alone: OSError: full"
    assert capsys.readouterr().err == f"frametools: log_calls: {message}\n"


def test_what_a_sink_calls(lines: list[str]) -> None:
    """Logged functions that the sink or a repr calls are not logged: no recursion."""

    @log_calls(sink=lambda line: lines.append(shout(line)))
    def f() -> None:
        pass

    @log_calls(sink=lines.append)
    def shout(line: str) -> str:
        return line.upper()

    f()
    assert lines == ["→ F()", "← F() = NONE"]


def test_durations(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of a call stands how long it took, on demand."""
    times = iter([0.0, 41e-6, 0.0, 5e-3, 0.0, 2.5])
    monkeypatch.setattr(flow, "perf_counter", lambda: next(times))

    @log_calls(sink=lines.append, durations=True)
    def f() -> None:
        pass

    f(), f(), f()
    assert [line.partition("= ")[2] for line in lines[1::2]] == [
        "None  [41.0 us]",
        "None  [5.0 ms]",
        "None  [2.50 s]",
    ]


def test_min_duration(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Short calls are left out; a longer one is a line, at its end."""
    times = iter([0.0, 0.1, 0.0, 0.5])
    monkeypatch.setattr(flow, "perf_counter", lambda: next(times))

    @log_calls(sink=lines.append, min_duration=0.2)
    def f(n: int) -> int:
        return n

    f(1), f(2)
    assert lines == ["← f(2) = 2  [500.0 ms]"]


def test_depth_with_min_duration(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no line indents nothing; what is sure to have one, those like it."""
    now = 1.0
    monkeypatch.setattr(flow, "perf_counter", lambda: now)

    @log_calls(sink=lines.append, min_duration=5, result=False)
    def outer(seconds: int) -> None:
        nonlocal now
        now += seconds
        inner()
        plain()

    @log_calls(sink=lines.append, min_duration=2, result=False)
    def inner() -> None:
        nonlocal now
        plain()
        now += 2

    @log_calls(sink=lines.append)
    def plain() -> None:
        pass

    outer(0)
    twice = ["→ plain()", "← plain() = None"]
    assert lines == [*twice, "← inner()  [2.00 s]", *twice]
    lines.clear()
    outer(3)
    assert lines == [*twice, "  ← inner()  [2.00 s]", *twice, "← outer(3)  [5.00 s]"]


def test_enabled(lines: list[str]) -> None:
    """False is as if there was no decorator; a function is asked at each call."""
    on = False

    def plain() -> None:
        pass

    assert log_calls(plain, enabled=False) is plain

    @log_calls(sink=lines.append, enabled=lambda: on)
    def f(n: int) -> None:
        if n:
            f(n - 1)

    f(1)
    assert lines == []
    on = True
    f(0)
    assert lines == ["→ f(0)", "← f(0) = None"]


def test_json(lines: list[str]) -> None:
    """One object a line, with what the text has, and more."""

    @log_calls(sink=lines.append, form="json")
    def f(a: int, *rest: int) -> int:
        return a // 0

    with pytest.raises(ZeroDivisionError):
        f(1, 2)
    first, last = map(json.loads, lines)
    assert first["args"] == {"a": "1", "rest": "(2,)"}
    assert (first["event"], first["depth"], first["function"]) == ("call", 0, "f")
    assert (first["file"], first["speaker"]) == (__file__, "MainThread")
    assert last["event"] == "raise"
    assert last["exception"].startswith("ZeroDivisionError(")
    assert last["seconds"] >= 0


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"sink": 3}, TypeError, "a sink is a stream, a function, or a logging.Logger"),
    ({"level": 10}, TypeError, "level is for a sink that is a logging.Logger"),
    ({"sink": print, "level": 10}, TypeError, "level is for a sink that is"),
    ({"args": 3}, TypeError, "args is True, False, or names"),
    ({"args": [3]}, TypeError, "args is True, False, or names"),
    ({"result": 1}, TypeError, "result is True or False"),
    ({"redact": 3}, TypeError, "redact is True, False, names, or a function"),
    ({"repr_limit": 0}, ValueError, "repr_limit is a number of characters"),
    ({"min_duration": -1}, ValueError, "min_duration is a number of seconds"),
    ({"min_duration": "x"}, ValueError, "min_duration is a number of seconds"),
    ({"enabled": 3}, TypeError, "enabled is True, False, or a function"),
    ({"form": "xml"}, ValueError, 'form is "text" or "json"'),
    ({"colour": True}, TypeError, "log_calls has no option 'colour'; it has args, "),
]


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_wrong_options(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """A wrong option is one sentence, when the decorator is made."""
    with pytest.raises(error) as raised:
        log_calls(**options)
    assert message in str(raised.value)


def test_wrong_target() -> None:
    """What cannot be called is none."""
    with pytest.raises(TypeError, match="an object of type int cannot be logged"):
        log_calls(3)
    off, active = re.escape("log_calls.off() "), re.escape("log_calls.active() ")
    with pytest.raises(TypeError, match=f"{off}missing 1 required"):
        log_calls.off()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=f"{active}takes 2 positional"):
        log_calls.active(len, 1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="log_calls takes one target; options have"):
        log_calls(str, 3)  # type: ignore[call-overload]


def test_enabled_that_fails(lines: list[str]) -> None:
    """That call is not told of; the results of the others are theirs."""
    asked = iter([True, ValueError("no"), True])

    def enabled() -> bool:
        answer = next(asked)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    @log_calls(sink=lines.append, enabled=enabled)
    def f(n: int) -> int:
        return n and n + f(n - 1)

    assert f(2) == 3
    assert [line.strip() for line in lines] == [
        *["→ f(2)", "→ f(0)", "← f(0) = 0", "← f(2) = 3"]
    ]
