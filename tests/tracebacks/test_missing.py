"""Names without a value: not yet assigned, deleted where that is sure, or not said."""

from __future__ import annotations

from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import flow
from frametools.tracebacks import missing as reasons
from tests.tracebacks.programs import failure, program


def missing(body: str, parameters: str = "") -> dict[str, str]:
    """Give why the names of a failing function have no value."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"def main({parameters}):\n    thing = Thing()\n{lines}    1 / 0\n"
    frame = tracebacks.capture(failure(source)).frames[-1]
    return {each.name: each.why for each in frame.locals if each.value is None}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if not thing: x = 1", {"x": "not yet assigned"}),
        ("x = 1\ndel x", {"x": "deleted"}),
        ("x = 1\ndel x\nx = 2", {}),
        ("try: {}[1]\nexcept KeyError as x: pass", {"x": "no value"}),
        ("try: raise KeyError\nexcept KeyError as x: pass", {"x": "deleted"}),
        ("for n in 1, 2:\n    x = n\n    del x", {"x": "no value"}),
        ("if thing:\n    x = 1\n    del x", {"x": "no value"}),
        ("while thing:\n    x = 1\n    del x\n    break", {"x": "no value"}),
        ("x = 1\nif thing: del x\nelse: del x", {"x": "deleted"}),
        ("x = 1\ntry: 1 / 0\nexcept ZeroDivisionError: del x", {"x": "deleted"}),
        ("x = 1\ntry: pass\nfinally: del x", {"x": "deleted"}),
        ("if not thing: x = 1\ndef f(): return x", {"x": "not yet assigned"}),
        ("x = 1\ndef f(): return x\ndel x", {"x": "deleted"}),
        ("x = 1\ndef f():\n    nonlocal x\n    del x\nf()", {"x": "no value"}),
        (
            "x = 1\ndef f():\n  def g():\n    nonlocal x\n    del x\n  g()\nf()",
            {"x": "no value"},
        ),
        ("ys = [x for x in (1, 2)]", {}),
        ("ys = {x: [z for z in (1,)] for x in (1, 2)}", {}),
        ("a = 1\nb = 2\ndel a, b", {"a": "deleted", "b": "deleted"}),
    ],
    ids=[f"body{number}" for number in range(18)],
)
def test_why_a_name_has_no_value(body: str, expected: dict[str, str]) -> None:
    """Only what holds on every way to the place is said."""
    assert missing(body) == expected


def test_a_parameter_without_a_value_was_deleted() -> None:
    """Parameters of each kind begin with a value."""
    names = missing("del a, b, c, d", "a=1, *b, c=2, **d")
    assert names == dict.fromkeys("abcd", "deleted")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("try: {}[1]\nexcept KeyError as x: 1 / 0", {"x": "deleted"}),
        ("try: 1 / 0\nfinally:\n    x = 1\n    del x", {"x": "deleted"}),
        ("try: 1 / 0\nfinally: y = 1", {"x": "not yet assigned"}),
        ("x = 1\ntry: 1 / 0\nfinally: del x", {"x": "deleted"}),
    ],
    ids="handler both other finally".split(),
)
def test_handlers_on_the_way_out_count(body: str, expected: dict[str, str]) -> None:
    """They have run, although the frame seems to stand where it raised."""
    assert missing(f"{body}\nx = 1\ndel x") == expected


def test_code_too_long_to_follow_says_nothing() -> None:
    """With 20,000 bytes of code it would take too long."""
    body = "x = 1\n" + "thing = [thing][0]\n" * 3000 + "del x"
    assert missing(body) == {"x": "no value"}


def test_missing_names_share_a_line() -> None:
    """The text has them at the end, by reason."""
    exc = failure("""
        def main(a=1):
            thing = Thing()
            del a
            1 / 0
            b = c = 2
    """)
    assert (
        "      thing = Thing()\n"
        "      a = <deleted>\n"
        "      b, c = <not yet assigned>\n"
        "ZeroDivisionError"
    ) in tracebacks.format(exc)


def test_a_free_variable_without_a_value_is_not_explained() -> None:
    """Its own function may have deleted it, or not assigned it yet."""
    exc = failure("""
        def main():
            thing = Thing()
            def inner():
                return x
            inner()
            x = 1
    """)
    assert tracebacks.capture(exc).frames[-1].locals == (("x", None, "no value"),)


def handlers(count: int) -> str:
    """Give the body of a function with so many handlers, and 10 names behind."""
    each = "try: thing\nexcept ValueError as e{}: pass\n"
    body = "".join(each.format(number % 3) for number in range(count))
    return body + "1 / 0\n" + "".join(f"v{number} = 1\n" for number in range(10))


def test_many_handlers_take_few_steps() -> None:
    """All names are followed at once, and nearly all of the code only once."""
    names = missing(handlers(150))
    assert names["v7"] == "not yet assigned"
    lines = "".join(f"    {line}\n" for line in handlers(150).splitlines())
    way = flow.Flow(program(f"def main():\n{lines}")["main"].__code__)
    most = 3 * len(way.stretches)
    assert way.follow([(0, way.first)], most)[1] > 0


def test_code_and_places_are_followed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many frames stand there."""
    followed = []
    follow = flow.Flow.follow

    def counting(self: flow.Flow, *args: Any) -> Any:
        followed.append(self)
        return follow(self, *args)

    monkeypatch.setattr(flow.Flow, "follow", counting)
    exc = failure("""
        def main(n=25):
            thing = Thing()
            if n:
                return main(n - 1) if n % 2 else (main(n - 1))
            del n
            1 / 0
    """)
    assert tracebacks.capture(exc).frames[-1].locals[0] == ("n", None, "deleted")
    assert len(followed) == 1


@pytest.mark.parametrize("steps", [0, 1, 30, 100])
def test_beyond_the_steps_of_a_traceback_nothing_is_said(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the names has "no value"."""
    monkeypatch.setattr(reasons, "_STEPS", steps)
    assert set(missing(handlers(20)).values()) == {"no value"}
