"""Secrets inside of texts: wherever they are nested, and in linear time."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools._secrets import REDACTED, hide_secrets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pg://ann:x@db/a", "pg://ann:*@db/a"),
        ("pg://ann:p@ss@db/a", "pg://ann:*@db/a"),
        ("ws://ann:p/s@db:80/a", "ws://ann:*@db:80/a"),
        ("redis://:x@db", "redis://:*@db"),
        ("pg://ann:cut", "pg://ann:*"),
        ("ws://db:8080/a ws://db:80", "ws://db:8080/a ws://db:80"),
        ("host=db password=x user=ann", "host=db password=* user=ann"),
        ("Settings(token='a b', user='ann')", "Settings(token=*, user='ann')"),
        ("tokens=['a', 'b'], n=3", "tokens=*, n=3"),
        ('{"api_key": "it\\"s", "n": 3}', '{"api_key": *, "n": 3}'),
        (
            "environ({'A_TOKEN': 'x', 'PATH': 'y'})",
            "environ({'A_TOKEN': *, 'PATH': 'y'})",
        ),
        ("?access_token=x&n=3", "?access_token=*&n=3"),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer *"),
        ("if password == other:", "if password == other:"),
        ("unexpected token: 'x'", "unexpected token: 'x'"),
        ("a=1, key=2", "a=1, key=2"),
    ],
)
def test_secrets_inside_a_text(text: str, expected: str) -> None:
    """Found by the name beside them, and as passwords in URLs."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"db": {"password": "x"}}', '{"db": {"password": *}}'),
        ("Config(db={'password': 'x'})", "Config(db={'password': *})"),
        ("url='http://x/?access_token=abc'", "url='http://x/?access_token=*'"),
        ("headers={'Authorization': 'abc'}", "headers={'Authorization': *}"),
        ("config=(password=x)", "config=(password=*)"),
        ("f(a=g(password='x', n=3))", "f(a=g(password=*, n=3))"),
        ("a=token=x", "a=token=*"),
        ("log='token=x' n=3", "log='token=*' n=3"),
    ],
)
def test_names_inside_of_the_value_of_a_harmless_one(text: str, expected: str) -> None:
    """Only a secret's value is taken as a whole; others are searched."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--password=x", "--password=*"),
        ("mysql -u ann --password=x db", "mysql -u ann --password=* db"),
        ("args=['--auth-token=x', '-v']", "args=['--auth-token=*', '-v']"),
        ("{'--password': 'x'}", "{'--password': *}"),
        ("-password=x", "-password=*"),
        ("mysql --password x -u ann", "mysql --password * -u ann"),
        ("mysql --password  'a b' db", "mysql --password  * db"),
        ('run "mysql --db-token a\\b,c" n=3', 'run "mysql --db-token *" n=3'),
        (
            '{"cmd": "mysql --password \\"a b\\" db"}',
            '{"cmd": "mysql --password * db"}',
        ),
        ("mysql --password\n  x\n", "mysql --password\n  *\n"),
        ("mysql --user ann --password", "mysql --user ann --password"),
        ("mysql --password --verbose x", "mysql --password --verbose x"),
        ("mysql --password -x -u ann", "mysql --password * -u ann"),
        ("mysql --password -- x", "mysql --password -- x"),
        ("use --password to log in", "use --password to log in"),
        ("is --password.\nNone", "is --password.\nNone"),
        ("the --password option, or --token", "the --password option, or --token"),
        ("mysql --password total to", "mysql --password * to"),
        ("['--password', '--verbose']", "['--password', *]"),
        ("['--password', 'to']", "['--password', *]"),
        ("password x", "password x"),
        (
            "Command '['a', '--token', 'x', '-v']' died",
            "Command '['a', '--token', *, '-v']' died",
        ),
        ('("--token","x", 1)', '("--token",*, 1)'),
        ("['--token', None, 1]", "['--token', None, 1]"),
    ],
)
def test_options_of_a_command(text: str, expected: str) -> None:
    """A name may have dashes before it; with two, the next word is its value."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Token x", "Authorization: Token *"),
        ("Authorization: Bearer x, n=3", "Authorization: Bearer *, n=3"),
        ("proxy-authorization:basic x\nn: 3", "proxy-authorization:basic *\nn: 3"),
        ("Authorization: x", "Authorization: *"),
        ("Authorization: AWS4 a=b, c=d\r\nn: 3", "Authorization: *\r\nn: 3"),
        ('Authorization: Digest a="b", c="d"\nn: 3', "Authorization: *\nn: 3"),
        ("X-Api-Key: x", "X-Api-Key: *"),
        ("X-Api-Key: x n: 3", "X-Api-Key: * n: 3"),
        ("curl -H 'X-Auth-Token: x' db", "curl -H 'X-Auth-Token: *' db"),
        ('{"h": "{\\"Cookie: a=b; c\\"}"}', '{"h": "{\\"Cookie: *\\"}"}'),
        ("b'Set-Cookie: a=b; c=d\\r\\nn: 3'", "b'Set-Cookie: *\\r\\nn: 3'"),
        ("<Request X-Api-Key: x>", "<Request X-Api-Key: *>"),
        ("Authorization: None", "Authorization: None"),
        ("Authorization:", "Authorization:"),
        ("unexpected token: x", "unexpected token: x"),
        ("an error: token: x", "an error: token: x"),
        ("token: x", "token: *"),
        ("user: ann, token: x, n: 3", "user: ann, token: *, n: 3"),
        ("user: ann\n  Token: x\nn: 3", "user: ann\n  Token: *\nn: 3"),
        ("f('token: x')", "f('token: *')"),
        ("no login, password: x, n: 3", "no login, password: *, n: 3"),
        ("db_password: x\napi_key: y", "db_password: *\napi_key: *"),
        ("Password: must have 8 letters", "Password: must have 8 letters"),
        ("dbPwd: x, spin: 3, otp: 1", "dbPwd: *, spin: 3, otp: *"),
        ("Enter password: ", "Enter password: "),
        ("<Login passwd:'x y'>", "<Login passwd:*>"),
        ("auth-service: started", "auth-service: started"),
        ("cache-key: x", "cache-key: x"),
    ],
)
def test_headers_without_quotes(text: str, expected: str) -> None:
    """Of a scheme with a token the token, of other lines all, up to quotes around."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)
    assert hide_secrets(hide_secrets(text)) == hide_secrets(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=None, n=3", "password=None, n=3"),
        ("{'a': {'token': None}}", "{'a': {'token': None}}"),
        ("f(password=None)", "f(password=None)"),
        ("password='None'", "password=*"),
        ("password=Nonesuch", "password=*"),
        ("password=[None]", "password=*"),
        ('{"token": null, "password": false}', '{"token": *, "password": *}'),
        ("--password None", "--password *"),
    ],
)
def test_none_is_no_secret(text: str, expected: str) -> None:
    """It is shown, and nothing else is: a word of a command is a text."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"password": "x", "n": 3}, {"password": "*", "n": 3}),
        ({"token": 'it"s', "n": 3}, {"token": "*", "n": 3}),
        ({"token": "it's", "n": 3}, {"token": "*", "n": 3}),
        ({"a": [{"api_key": ["x", "y"], "n": {}}]}, {"a": [{"api_key": "*", "n": {}}]}),
        ({"token": 5, "n": "--token x"}, {"token": "*", "n": "--token *"}),
    ],
)
@pytest.mark.parametrize("times", range(5))
def test_json_within_json(value: object, expected: object, times: int) -> None:
    """However often it was dumped; what is beside the secret is as before."""
    text = json.dumps(value)
    wanted = json.dumps(expected).replace('"*"', "*")
    for _ in range(times):
        text = json.dumps({"body": text, "n": 1})
        wanted = json.dumps({"body": wanted, "n": 1})
    assert hide_secrets(text) == wanted.replace("*", REDACTED)
    assert hide_secrets(repr(text)) == repr(wanted).replace("*", REDACTED)


def test_json_within_json_that_is_cut() -> None:
    """A value that does not end is hidden up to where the text around it does."""
    text = '{"body": "{\\"token\\": \\"hunter2"} n=3'
    assert hide_secrets(text) == f'{{"body": "{{\\"token\\": {REDACTED}"}} n=3'
    assert hide_secrets(text[:-8]) == f'{{"body": "{{\\"token\\": {REDACTED}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=[('a'), 'c3'] n=3", "password=* n=3"),
        ("{'tokens': {'a': ['x', ('y',)], 'b': 'z'}, 'n': 3}", "{'tokens': *, 'n': 3}"),
        ("f(token=Token('a', kind=g(1)), n=3)", "f(token=*, n=3)"),
        ("f(password=[')]', \"'\"], n=3)", "f(password=*, n=3)"),
        ("password=[('a'), 'c3", "password=*"),
        ("password=(a)b n=3", "password=* n=3"),
        ("token=b'x y', n=3", "token=*, n=3"),
        ("token='it\\'s', n=3", "token=*, n=3"),
        ("token='a\\\nb', n=3", "token=*, n=3"),
        ('{"token" : "x", "n": 3}', '{"token" : *, "n": 3}'),
        ("password=, n=3", "password=, n=3"),
        ("f(password=)", "f(password=)"),
    ],
)
def test_where_a_value_ends(text: str, expected: str) -> None:
    """At the bracket that closes the first one, at the end of its quotes, of a word."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pg://a:x@db pg://b:y@db", "pg://a:*@db pg://b:*@db"),
        ("a://b:x,c://d:y@h", "a://b:*@h"),
        ("a://b:x c://d:y@h", "a://b:x c://d:*@h"),
        ("a://b:80/c://d:y@h", "a://b:80/c://d:*@h"),
        ("('pg://a:x@db', 'ws://b:8')", "('pg://a:*@db', 'ws://b:8')"),
        ("pg://a:cut\n", "pg://a:*\n"),
        ("pg://a:" + "x" * 5000 + "@db", "pg://a:*@db"),
        ("pg://a:" + "x" * 5000, "pg://a:*"),
    ],
)
def test_passwords_of_several_urls(text: str, expected: str) -> None:
    """Each URL has its own, however long it is."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Conn password=x>", "<Conn password=*>"),
        ("<Conn password='x>'> n", "<Conn password=*> n"),
        ("[<Conn db=<Db token=x>>, 3]", "[<Conn db=<Db token=*>>, 3]"),
        ("<Conn token=<Token of 'a' b> n=3>", "<Conn token=* n=3>"),
        ("token=<function <lambda> at 0x7f> n=3", "token=* n=3"),
        ("token=[a > b, c] n=3", "token=* n=3"),
        ("password=a>b<c n=3", "password=* n=3"),
        ("token=<Token x", "token=*"),
        ("<Run --password x> n", "<Run --password *> n"),
        ("mysql --password x>out n", "mysql --password * n"),
    ],
)
def test_angles_around_a_text_stay(text: str, expected: str) -> None:
    """Those around all of a value belong to it, and those within a word."""
    assert hide_secrets(text) == expected.replace("*", REDACTED)
    assert hide_secrets(hide_secrets(text)) == hide_secrets(text)


NAMES = st.sampled_from(["a", "db", "'b'", '"c d"', "--n", "x.y"])


@given(st.recursive(NAMES, lambda inner: st.lists(inner, max_size=3).map(tuple)))
def test_no_nesting_shows_a_secret(shape: object) -> None:
    """Whatever harmless names and brackets are around it."""

    def write(part: object) -> str:
        if isinstance(part, str):
            return f"{part}=(password=hunter2)"
        assert isinstance(part, tuple)
        return "k={" + ", ".join(map(write, part)) + "}"

    assert "hunter2" not in hide_secrets(write(shape))


def fastest(text: str) -> float:
    """Give the least seconds of this thread that it took, of five times."""
    taken = []
    for _ in range(5):
        begin = time.thread_time()
        hide_secrets(text)
        taken.append(time.thread_time() - begin)
    return min(taken)


@pytest.mark.parametrize(
    "part",
    [
        *["://a:x", "a://b:", "://a:x@", "://", "a://b:8/", "://a:x/"],
        *["a='", '"a:', '"ab": ', "a=[", "a.b", "-", "'-", "--a", "a=", "a =", "a'='"],
        *["token=x'", "token=x\\'", "token=(", "token=[')", "token='\\", "token=\\"],
        *["token=x'token=x\"", "token=)", "token= ", "token=''", 'token=b"'],
        *["token=<", "token=<a>", "token=>", "token=<a", "token=<(", "--token >"],
        *[
            "a-",
            "a-token:",
            "password:",
            "password: to ",
            "cookie:'",
            'cookie:="',
            "cookie: \\",
            "authorization: basic ",
        ],
        *["--token to ", "bearer ", "basic  ", "bearer a"],
        *["\\", '\\"', 'token=\\"', '\\"token\\":', '\\"token\\":\\"', "token=\\\\'"],
        *["--token ", "--token '", "--token \\'", "'--token',", "--token \\", "--a "],
        *["--", "--token  ", "--token='a\\'", 'token=[\\"', "a\\"],
    ],
)
def test_the_cost_grows_with_the_length_only(part: str) -> None:
    """16 times the text takes about 16 times as long; in square it were 256 times."""
    short, end = part * (4000 // len(part)), " =://'"
    assert fastest(short * 16 + end) < 80 * fastest(short + end)
