"""Secrets among the arguments of `*args`: the one before tells them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frametools import log_calls
from frametools._secrets import REDACTED


def lines_of(*args: object) -> list[str]:
    """Give the lines of a call with these arguments behind a name."""
    lines: list[str] = []

    @log_calls(sink=lines.append)
    def run(name: object, *rest: object) -> object:
        return rest

    run("mysql", *args)
    return lines


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--password", "x"), "'--password', *"),
        (("a", "--token", "-x", "b"), "'a', '--token', *, 'b'"),
        (("password", "x"), "'password', *"),
        (("--password", None), "'--password', None"),
        ((1, "a", "-v", "b"), "1, 'a', '-v', 'b'"),
        (("--password", *range(40)), ""),
    ],
)
def test_arguments_of_stars_are_as_their_tuple(
    args: tuple[object, ...], expected: str
) -> None:
    """What the result hides, the line of the call hides as well."""
    call, result = lines_of(*args)
    if not expected:
        expected = f"'--password', *, {', '.join(map(str, range(1, 29)))}, … (11 more)"
    expected = expected.replace("*", REDACTED)
    assert call == f"→ run('mysql', {expected})"
    if len(args) < 30:
        assert result == f"← run('mysql', {expected}) = ({expected})"


def test_arguments_of_stars_are_shown_where_nothing_is_hidden() -> None:
    """With `redact=False`."""
    lines: list[str] = []

    @log_calls(sink=lines.append, redact=False)
    def run(*rest: object) -> None: ...

    run("--password", "x")
    assert lines[0] == "→ run('--password', 'x')"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--password", "x"), ["'--password'", "*"]),
        (("password", "x"), ["'password'", "*"]),
        ((b"--token", 5), ["b'--token'", "*"]),
        (("password", None), ["'password'", "None"]),
        (("a", "x"), ["'a'", "'x'"]),
        (("password", "x", 1), ["'password'", "'x'", "1"]),
        (("--password", "x", "--token", "y"), ["'--password'", "*", "'--token'", "*"]),
        (("a", "--password", "x", 1), ["'a'", "'--password'", "*", "1"]),
        (("password", "--token", "x"), ["'password'", "'--token'", "*"]),
    ],
)
@pytest.mark.parametrize("shape", ["named", "stars"])
def test_arguments_with_harmless_names(
    form: str, args: tuple[object, ...], expected: list[str], shape: str
) -> None:
    """One tells the next, as in `*args`: with an option, or a pair of a word and it."""
    lines: list[str] = []
    log = log_calls(sink=lines.append, form=form)
    names = ", ".join("abcd"[: len(args)]) if shape == "named" else "a, *rest"
    space: dict[str, Any] = {"__name__": __name__}
    exec(f"def f({names}): ...\nclass C:\n def f(self, {names}): ...", space)
    log(space["f"])(*args)
    log(space["C"])().f(*args)
    shown = [REDACTED if each == "*" else each for each in expected]
    if form == "text":
        assert lines[::2] == [f"→ {f}({', '.join(shown)})" for f in ("f", "C.f")]
        return
    for line in lines[::2]:
        first, *rest = json.loads(line)["args"].values()
        if shape == "stars":
            end = "," if len(args) == 2 else ""
            assert [first, *rest] == [shown[0], f"({', '.join(shown[1:])}{end})"]
        else:
            assert [first, *rest] == shown


def test_arguments_with_harmless_names_are_shown(lines: list[str]) -> None:
    """With `redact=False`, and where they are given by name only."""

    @log_calls(sink=lines.append, redact=False)
    def f(a: str, b: str) -> None: ...

    @log_calls(sink=lines.append)
    def g(*, a: str, b: str) -> None: ...

    f("--password", "x")
    g(a="password", b="x")
    assert lines[::2] == ["→ f('--password', 'x')", "→ g(a='password', b='x')"]
