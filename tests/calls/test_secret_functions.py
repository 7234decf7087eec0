"""Functions whose names tell of secrets, and those that are asked for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from frametools import log_calls

SECRET = "hunter2"


class Account:
    """What it is told and asked is a secret."""

    def set_password(self, raw: str, *more: str, n: int | None = None) -> str:
        """Take it by a method."""
        return raw

    @property
    def password(self) -> str:
        """Give it."""
        return SECRET

    @password.setter
    def password(self, raw: str) -> None:
        """Take it by a property."""

    def __getitem__(self, name: str) -> str:
        """Give it by its name."""
        return SECRET

    def get(self, section: str, name: str, default: str = "") -> str:
        """Give it by its name, which is not alone."""
        return default or SECRET


@pytest.fixture
def account(lines: list[str]) -> Iterator[Account]:
    """Give one that is logged."""
    with log_calls.active(Account, sink=lines.append):
        yield Account()


def test_methods_and_setters(lines: list[str], account: Account) -> None:
    """Arguments and results are secrets; None is none."""
    account.set_password(SECRET, SECRET)
    account.password = account.password
    hidden = "Account.set_password(<redacted>, <redacted>, n=None)"
    assert lines == [
        *[f"→ {hidden}", f"← {hidden} = <redacted>"],
        *["→ Account.password()", "← Account.password() = <redacted>"],
        *["→ Account.password(<redacted>)", "← Account.password(<redacted>) = None"],
    ]


def test_what_is_asked_for(lines: list[str], account: Account) -> None:
    """A secret that is asked for by its name is hidden, and its default; others not."""
    assert account["password"] == account["user"] == account.get("db", "pwd")
    account.get("db", "pwd", SECRET)
    account.get("db", name="token", default=SECRET)
    assert [line.partition(" ")[2] for line in lines[1::2]] == [
        "Account.__getitem__('password') = <redacted>",
        "Account.__getitem__('user') = 'hunter2'",
        "Account.get('db', 'pwd', default=<redacted>) = <redacted>",
        "Account.get('db', 'pwd', default=<redacted>) = <redacted>",
        "Account.get('db', 'token', default=<redacted>) = <redacted>",
    ]


def test_what_is_asked_for_in_stars(lines: list[str]) -> None:
    """A name may be among any arguments, those that are left out too."""

    def read(*names: str, **more: str) -> Iterator[str]:
        yield SECRET
        return SECRET

    def getenv(name: str) -> str:
        return SECRET

    list(log_calls(read, sink=lines.append)("db", "token"))
    list(log_calls(read, sink=lines.append)(name="token"))
    assert log_calls(getenv, sink=lines.append, args=False)("API_KEY") == SECRET
    values: Any = {"password": SECRET}
    assert log_calls(values.get, sink=lines.append)("password") == SECRET
    assert SECRET not in "".join(lines)
    assert len(lines) == 12


def test_other_functions(lines: list[str]) -> None:
    """What is no look-up gives no secret, whatever it is told."""
    log_calls(len, sink=lines.append)("token")
    log_calls(lambda name: name, sink=lines.append)("token")
    assert [line.partition(" = ")[2] for line in lines[1::2]] == ["5", "'token'"]


def test_names_of_ones_own(lines: list[str]) -> None:
    """They count behind `set_` too; JSON hides what text hides; nobody may be asked."""

    def set_ssn(*numbers: str, **more: str) -> str:
        return numbers[0]

    log_calls(set_ssn, sink=lines.append, redact=["ssn"], form="json")(SECRET, a=SECRET)
    first, last = map(json.loads, lines)
    assert first["args"] == {"numbers": "<redacted>", "more": "<redacted>"}
    assert last["result"] == "<redacted>"
    lines.clear()
    log_calls(set_ssn, sink=lines.append, redact=False)(SECRET)
    assert lines[1] == "← set_ssn('hunter2') = 'hunter2'"


@pytest.mark.parametrize(
    "rows",
    [("name",) * 10_000, dict.fromkeys(range(10_000), "name")],
    ids=["tuple", "dict"],
)
def test_of_many_rows_a_few_are_asked(lines: list[str], rows: Any) -> None:
    """A call costs what its line costs, however much it is given."""
    asked = 0

    def judge(_name: object) -> bool:
        nonlocal asked
        asked += 1
        return False

    @log_calls(sink=lines.append, redact=judge)
    def load(given: Any) -> int:
        return len(given)

    assert load(rows) == load(rows) == 10_000
    assert asked < 1_000
