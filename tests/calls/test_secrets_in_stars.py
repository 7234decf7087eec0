"""Secrets among the arguments of `*args`: the one before tells them."""

from __future__ import annotations

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
