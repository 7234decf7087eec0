"""Values: bounded while they are built, in time, safe, redacted."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from frametools import tracebacks
from tests.tracebacks.programs import Thing, failure


def shown(value: Any, name: str = "value", **options: Any) -> str:
    """Give what the text has for a local of a failing function."""
    source = f"def main():\n    thing = Thing()\n    {name} = make()\n    1 / 0\n"
    text = tracebacks.format(failure(source, make=lambda: value), **options)
    (line,) = [
        each for each in text.splitlines() if each.startswith(f"      {name} = ")
    ]
    return line.partition(" = ")[2]


class Hostile:
    """Refuses everything."""

    def __init__(self, error: type[BaseException] | None) -> None:
        object.__setattr__(self, "error", error)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise SystemExit("__class__")

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    def __repr__(self) -> Any:
        error = object.__getattribute__(self, "error")
        if error is None:
            return 7
        raise error


ERRORS = (ValueError, SystemExit, GeneratorExit, RecursionError)


@pytest.mark.parametrize("error", [*ERRORS, None])
def test_no_repr_breaks_the_traceback(error: type[BaseException] | None) -> None:
    """Whatever it raises, or returns, or the object refuses to be asked."""
    name = "TypeError" if error is None else error.__name__
    expected = f"<Hostile object, repr raised {name}>"
    assert shown(Hostile(error)) == expected
    assert shown([Hostile(error)]) == f"[{expected}]"


def test_huge_values_cost_no_memory() -> None:
    """Of 10 MB of text and a list of a million only what is shown is looked at."""
    text, numbers = "x" * 10_000_000, list(range(1_000_000))
    exc = failure(
        """
        def main():
            thing, text, numbers = Thing(), *make()
            inner(text, numbers)

        def inner(text, numbers):
            both = {"text": text, "numbers": numbers}
            1 / 0
    """,
        make=lambda: (text, numbers),
    )
    tracemalloc.start()
    try:
        shown = tracebacks.format(exc)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()
    assert "… (10,000,000 characters)\n" in shown
    assert "… (1,000,000 items)\n" in shown
    assert len(shown) < 2_000


def test_the_limit_is_of_each_value() -> None:
    """A larger limit shows more."""
    assert len(shown(list(range(1000)))) <= 120
    assert len(shown(list(range(1000)), limit=1000)) > 900


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def slow(clock: Clock, seconds: float) -> type:
    """Make a class whose repr takes so long by that clock."""

    class Slow:
        def __repr__(self) -> str:
            clock.now += seconds
            clock.calls += 1
            return "slow()"

    return Slow


NESTED = """
    def main():
        thing = Thing()
        value = cls()
        step(10, value)

    def step(n, value):
        own = cls()
        if n == 0:
            1 / 0
        step(n - 1, value)
        pass; pass
"""


def test_a_slow_repr_is_called_once() -> None:
    """An object that took long keeps its text; others of its class are not asked."""
    clock = Clock()
    exc = failure(NESTED, cls=slow(clock, 0.5))
    text = tracebacks.format(exc, clock=clock, head=None)
    assert clock.calls == 1
    assert clock.now == 0.5
    assert text.count("value = slow()") == 4
    assert text.count("own = <") == 3
    assert "<slow.<locals>.Slow object, not shown: an earlier repr was slow>" in text


def test_the_budget_is_of_the_whole_traceback() -> None:
    """Reprs that are not slow each are called until the time is up."""
    clock = Clock()
    exc = failure(
        """
        def main():
            thing = Thing()
            many = [cls() for _ in range(20)]
            1 / 0
    """,
        cls=slow(clock, 0.04),
    )
    text = tracebacks.format(exc, clock=clock, limit=2000)
    assert clock.calls == 13
    assert text.count("slow()") == 13
    assert "not shown: the time is up" in text
    assert clock.now <= 0.5 + 0.04


@dataclass
class Login:
    """A dataclass with a secret."""

    user: str
    api_key: str


class Settings:
    """A class whose own repr shows a secret beside its name."""

    def __repr__(self) -> str:
        return "Settings(user='ann', password='hunter2', tokens=['a', 'b'])"


@pytest.mark.parametrize(
    "name", "password api_key AUTHORIZATION db_secret token".split()
)
def test_variables_with_secret_names_are_hidden(name: str) -> None:
    """By default, and not if told so."""
    assert shown("hunter2", name) == "<redacted>"
    assert shown("hunter2", name, redact=False) == "'hunter2'"
    assert shown(None, name) == "None"  # there is none: often the very fault


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"user": "ann", "token": "x"}, "{'user': 'ann', 'token': <redacted>}"),
        ([{"a": {"password": "x"}}], "[{'a': {'password': <redacted>}}]"),
        ([("Authorization", "x")], "[('Authorization', <redacted>)]"),
        (SimpleNamespace(secret=1, a=2), "namespace(secret=<redacted>, a=2)"),
        (Settings(), "Settings(user='ann', password=<redacted>, tokens=<redacted>)"),
        ("pg://ann:hunter2@db/x", "'pg://ann:<redacted>@db/x'"),
        (b"pg://ann:hunter2@db/x", "b'pg://ann:<redacted>@db/x'"),
        ("ws://db:8080/a?token=x&b=1", "'ws://db:8080/a?token=<redacted>&b=1'"),
        ("host=db password=hunter2", "'host=db password=<redacted>'"),
        ("Bearer abcdef123456", "'Bearer <redacted>'"),
        ('{"token": "x", "a": 1}', '\'{"token": <redacted>, "a": 1}\''),
    ],
    ids=[f"value{number}" for number in range(11)],
)
def test_secrets_inside_of_values_are_hidden(value: object, expected: str) -> None:
    """In keys, pairs, fields, reprs of other classes, URLs, headers, JSON."""
    assert shown(value) == expected


def test_a_secret_that_is_cut_is_hidden_too() -> None:
    """A password that begins inside the limit and ends beyond it."""
    url = "pg://ann:" + "hunter2" * 1000 + "@db"
    assert "hunter2" not in shown(url, limit=40)
    assert "hunter2" not in shown([url], limit=40)
    assert "hunter2" not in shown("x" * 30 + url, limit=50)


def test_dataclasses_hide_by_field() -> None:
    """The name of the field counts."""
    assert shown(Login("ann", "x")).endswith("(user='ann', api_key=<redacted>)")


def test_messages_and_notes_hide_secrets() -> None:
    """What an error says of a URL or by name."""
    exc = failure("""
        def main():
            thing = Thing()
            error = OSError("cannot reach pg://ann:hunter2@db")
            error.add_note("password=hunter2")
            raise error
    """)
    text = tracebacks.format(exc, show_locals=False)
    assert "OSError: cannot reach pg://ann:<redacted>@db\npassword=<redacted>\n" in text


def test_what_is_secret_can_be_said() -> None:
    """`redact` may be a function of the name."""
    assert shown(5, "salary", redact=lambda name: name == "salary") == "<redacted>"
    assert shown("x", "password", redact=lambda name: False) == "'x'"


def test_of_many_variables_those_in_the_line_come_first() -> None:
    """The others are counted."""
    names = ", ".join(f"v{number}" for number in range(60))
    source = (
        f"def main():\n    {names} = range(60)\n    thing = Thing()\n    v59 / v0\n"
    )
    text = tracebacks.format(failure(source))
    assert "      v59 = 59\n      ... 31 more variables\n" in text
    assert text.count(" = ") == 30
    assert tracebacks.format(failure(source), names=99).count(" = ") == 61


def test_a_module_shows_data_only() -> None:
    """Functions, classes, modules, dunder names of a module or class are left out."""
    exc = failure("""
        from __future__ import annotations

        def main():
            exec(code, {"thing": Thing(), "__name__": "app"})

        code = "import sys\\nclass C:\\n    a = 1\\n    def f(self): 1\\n    1 / 0"
    """)
    module, body = tracebacks.capture(exc).frames[-2:]
    assert module.locals == (("thing", "Thing()", ""),)
    assert body.locals == (("a", "1", ""),)


def test_names_of_ipython_are_left_out() -> None:
    """Its history is in the namespace of each cell."""
    exc = failure("""
        def main():
            space = {"get_ipython": main, "In": [1], "_": 2, "_ih": [], "x": Thing()}
            exec("1 / 0", space)
    """)
    assert tracebacks.capture(exc).frames[-1].locals == (("x", "Thing()", ""),)


def test_an_odd_namespace_is_left_alone() -> None:
    """A mapping of the program that is a namespace is not read: its code would run."""

    class Space(dict[str, object]):
        def __getitem__(self, name: str) -> object:
            if name == "Thing":
                return Thing
            raise KeyError(name)

        def items(self) -> Any:
            raise SystemExit(1)

    exc = failure(
        """
        def main():
            exec("thing = Thing()\\n1 / 0", {}, Space())
    """,
        Space=Space,
    )
    assert tracebacks.capture(exc).frames[-1].locals == (("thing", "Thing()", ""),)


BUILT = """
    class Basket:
        def __init__(self, name):
            self.name = name
            self.check()
            self.total = Thing()

        def check(self):
            inner = [self]
            1 / 0

        def __repr__(self):
            return f"Basket({self.total})"

    def main():
        Basket("a")
"""


def test_an_object_whose_init_has_failed_is_said_to_be_unfinished() -> None:
    """In its `__init__`, in what that calls, and inside of a list."""
    text = tracebacks.format(failure(BUILT))
    assert text.count("      self = <Basket object, __init__ not finished>\n") == 2
    assert "      inner = [<Basket object, __init__ not finished>]\n" in text


def test_an_unfinished_object_that_can_be_shown_is() -> None:
    """And of a finished one it is said what its repr raised."""
    whole = BUILT.replace("({self.total})", "()")
    assert tracebacks.format(failure(whole)).count("      self = Basket()\n") == 2
    called = BUILT.replace("self.check()", "pass").replace("total =", "sum =")
    called = called.replace('Basket("a")', 'Basket("a").check()')
    text = tracebacks.format(failure(called))
    assert "      self = <Basket object, repr raised AttributeError>\n" in text


def test_a_module_shows_nothing_of_ours() -> None:
    """`log_calls`, and what a wrapper is on 3.11; but what the program made of it."""
    source = (
        "from frametools import log_calls\n"
        "from frametools.calls import wrapping, options\n"
        "log = wrapping.wrap(options.Options(), len)\n"
        "n = 1\n"
        "1 / 0\n"
        "def main(): pass\n"
    )
    try:
        exec(source, {"__name__": "app"})
    except ZeroDivisionError as error:
        text = tracebacks.format(error)
    assert text.count("n = 1") == 1
    assert "log" not in text.partition("n = 1")[2]
    assert "LogCalls" not in text
