"""Secrets inside of values: in keys, fields, pairs, and what a class hides itself."""

from __future__ import annotations

import functools
import reprlib
from collections import Counter, OrderedDict, deque, namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from frametools._safe_repr import safe_repr
from frametools._secrets import REDACTED, is_secret

Point = namedtuple("Point", "x y")


@dataclass
class Login:
    """A dataclass with a secret and a field that its repr leaves out."""

    user: str
    password: str
    hidden: int = field(default=3, repr=False)


@pytest.mark.parametrize(
    "name",
    "password passwd PASSWORD db_password dbPassword secret client_secret token "
    "access_token authToken csrftoken api_key apikey API_KEY apiKey X-Api-Key "
    "authorization Authorization proxy-authorization cookie Set-Cookie session "
    "session_id sessionid credential credentials private_key privateKey passphrase "
    "AWS_SECRET_ACCESS_KEY pw PW user_pw dbPw pw2 otp sms_otp loginOTP pin PIN "
    "user_pin userPin userPINCode pins encryption_key ssh_key creds".split(),
)
def test_values_of_secret_names_are_redacted(name: str) -> None:
    """A key, a field, a pair or a variable of that name does not show its value."""
    assert is_secret(name)
    assert safe_repr({name: "hunter2"}) == f"{{{name!r}: {REDACTED}}}"
    assert (
        safe_repr({name.encode(): b"hunter2"}) == f"{{{name.encode()!r}: {REDACTED}}}"
    )
    assert safe_repr([(name, "hunter2")]) == f"[({name!r}, {REDACTED})]"
    assert safe_repr("hunter2", name=name) == REDACTED


@pytest.mark.parametrize(
    "name",
    "author tokenizer key keys user_id passenger count cooker path name spin pinned "
    "PINned Spin typing mapping hotpot option pwned spawn upwards".split(),
)
def test_other_names_are_shown(name: str) -> None:
    """Names that only look like those of secrets keep their values."""
    assert safe_repr({name: 1}) == repr({name: 1})


def test_fields_are_redacted_by_name() -> None:
    """Dataclasses, named tuples, namespaces and items show no secret fields."""
    assert (
        safe_repr(Login("ann", "hunter2")) == f"Login(user='ann', password={REDACTED})"
    )
    row = namedtuple("row", "user token")("ann", "hunter2")
    assert safe_repr(row) == f"row(user='ann', token={REDACTED})"
    space = SimpleNamespace(api_key="hunter2")
    assert safe_repr(space) == f"namespace(api_key={REDACTED})"
    assert "hunter2" not in safe_repr({"cookie": "hunter2"}.items())
    assert "hunter2" not in safe_repr(OrderedDict(cookie="hunter2"))
    assert safe_repr(Counter(a=2)) == "Counter({'a': 2})"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (bytearray(b"password=x"), "bytearray(b'password=*')"),
        (deque([("Authorization", "x"), 1]), "deque([('Authorization', *), 1])"),
        ({("token", "x")}, "{('token', *)}"),
        (frozenset({("token", "x")}), "frozenset({('token', *)})"),
        (ValueError(("token", "x"), 1), "ValueError(('token', *), 1)"),
        ({1: ("token", "x")}.values(), "dict_values([('token', *)])"),
        (OrderedDict(a=[("token", "x")]), "OrderedDict({'a': [('token', *)]})"),
    ],
    ids="bytearray deque set frozenset exception values nested".split(),
)
def test_pairs_and_bytes_hide_wherever_they_are(value: object, expected: str) -> None:
    """A pair names its secret in each kind of container; bytes are text as well."""
    assert safe_repr(value) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["a", "--password", "x", "-v"], "['a', '--password', *, '-v']"),
        (("a", "--token", 5, "b"), "('a', '--token', *, 'b')"),
        ([b"--password", b"x"], "[b'--password', *]"),
        (["-password", "x"], "['-password', *]"),
        ({"argv": ["--api-key", "x"]}, "{'argv': ['--api-key', *]}"),
        (["--password", "--verbose", "x"], "['--password', *, 'x']"),
        (["--password", None, "x"], "['--password', None, 'x']"),
        (["--password=x", "y"], "['--password=*', 'y']"),
        (["--user", "x"], "['--user', 'x']"),
        (["--password"], "['--password']"),
        ("mysql --password x db", "'mysql --password * db'"),
        (["mysql --password x", 1], "['mysql --password *', 1]"),
    ],
)
def test_what_stands_behind_an_option(value: object, expected: str) -> None:
    """Of a command line, in one text or as a list, the word behind a secret's name."""
    assert safe_repr(value) == expected.replace("*", REDACTED)


def test_the_names_of_options_are_judged() -> None:
    """By who is asked about all the others; without dashes."""
    asked: list[object] = []
    value = ["--pin", 1, "-x", "-long", 2]
    assert safe_repr(value, redact=lambda name: name == "pin") == (
        f"['--pin', {REDACTED}, '-x', '-long', 2]"
    )
    safe_repr(value, redact=asked.append)  # type: ignore[arg-type, func-returns-value]
    assert asked == ["pin", "long"]
    assert safe_repr(value, redact=None) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        {"password": None, "a": {b"token": None}},
        [("Authorization", None)],
        OrderedDict(cookie=None),
        SimpleNamespace(api_key=None),
        Login("ann", None),  # type: ignore[arg-type]
        namedtuple("row", "user token")("ann", None),
    ],
)
def test_none_is_no_secret(value: object) -> None:
    """It tells that there is none; every other value is hidden, however short."""
    text = repr(value)
    if type(value) is OrderedDict:
        text = "OrderedDict({'cookie': None})"  # as from 3.12 on
    assert safe_repr(value) == text
    assert safe_repr(None, name="password") == "None"
    assert safe_repr(0, name="password") == safe_repr("", name="password") == REDACTED
    for each in (0, "", False, "None", ()):
        assert safe_repr({"password": each}) == f"{{'password': {REDACTED}}}"


def test_a_huge_bytearray_is_cut_before_it_is_shown() -> None:
    """With its secret hidden, and its size told."""
    text = safe_repr(bytearray(b"password=" + b"x" * 10_000), 60)
    assert text == "bytearray(b'password=<redacted>')… (10,009 bytes)"


def wrapped(method: Callable[[Any], str]) -> Callable[[Any], str]:
    """Wrap as decorators do."""

    @functools.wraps(method)
    def wrapper(self: object) -> str:
        return method(self)

    return wrapper


@dataclass
class Wrapped:
    """Its own repr hides a field and is wrapped."""

    pin: int = 1234

    @wrapped
    def __repr__(self) -> str:
        return "Wrapped(****)"


@dataclass(repr=False)
class Recursive:
    """Its own repr hides a field and minds recursion."""

    pin: int = 1234

    @reprlib.recursive_repr()
    def __repr__(self) -> str:
        return "Recursive(****)"


@dataclass
class WrappedAgain:
    """The repr that was made for it is wrapped; it shows less."""

    pin: int = 1234


WrappedAgain.__repr__ = functools.wraps(WrappedAgain.__repr__)(  # type: ignore[method-assign]
    lambda self: "WrappedAgain(****)"
)


class WrappedRow(Point):
    """A named tuple whose repr hides what it has, under the name of the old one."""

    @functools.wraps(Point.__repr__)
    def __repr__(self) -> str:
        return "WrappedRow(****)"


@dataclass(repr=False)
class Heir(Login):
    """Has the repr of the class before it, which does not know its field."""

    pin: int = 1234


@pytest.mark.parametrize(
    "value", [Wrapped(), Recursive(), WrappedAgain(), WrappedRow(1, 2)]
)
def test_an_own_repr_is_called_though_it_is_wrapped(value: object) -> None:
    """Only the repr that `dataclass` or `namedtuple` made is not called."""
    assert safe_repr([value]) == f"[{type(value).__name__}(****)]"


def test_an_inherited_repr_shows_the_fields_that_it_knows() -> None:
    """As it does when it is called."""
    assert safe_repr(Heir("ann", "x")) == f"Heir(user='ann', password={REDACTED})"
