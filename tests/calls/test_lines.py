"""What lines look like: their width, their depth, who speaks, what is left out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from frametools.calls import log_calls
from frametools.calls.lines import cut


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("→ f()", 5, "→ f()"),
        ("→ f(1)", 5, "→ f(…"),
        ("→ f(1)", 1, "…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("x" * 10**6, 3, "xx…"),
    ],
)
def test_the_width_is_in_columns(line: str, width: int, expected: str) -> None:
    """A wide character takes two; what is cut ends with an ellipsis."""
    assert cut(line, width) == expected


def test_width(lines: list[str]) -> None:
    """Label, indentation and all: no line is longer."""

    @log_calls(sink=lines.append, width=20, durations=True)
    def f(text: str, n: int = 0) -> str:
        return text if n else f(text, 1)

    f("a long text indeed")
    f("")
    assert lines[:4] == [
        "→ f('a long text in…",
        "  → f('a long text …",
        "  ← f('a long text …",
        "← f('a long text in…",
    ]
    assert lines[4] == "→ f('', n=0)"


def test_max_depth(lines: list[str]) -> None:
    """Deeper calls have no lines, and those of generators neither."""

    @log_calls(sink=lines.append, max_depth=2)
    def down(n: int) -> int:
        return n and down(n - 1)

    @log_calls(sink=lines.append, max_depth=1)
    def numbers() -> Iterator[int]:
        yield down(1)

    down(5)
    assert lines == [
        "→ down(5)",
        "  → down(4)",
        "  ← down(4) = 0",
        "← down(5) = 0",
    ]
    lines.clear()

    @log_calls(sink=lines.append)
    def outer(generator: Iterator[int]) -> None:
        list(generator)

    generator = numbers()
    next(generator)
    outer(numbers())
    assert [line.partition("(")[0] for line in lines] == [
        *["→ numbers", "  → down", "  ← down", "⏸ numbers"],
        *["→ outer", "  → down", "  ← down", "← outer"],
    ]


def test_max_depth_in_json(lines: list[str]) -> None:
    """The same calls are told of; the outermost has depth 0."""

    @log_calls(sink=lines.append, max_depth=2, form="json")
    def down(n: int) -> int:
        return n and down(n - 1)

    down(3)
    assert [json.loads(line)["depth"] for line in lines] == [0, 1, 1, 0]


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"width": 0}, ValueError, "width is a number of columns, 1 or more, or None"),
    ({"width": True}, ValueError, "width is a number of columns"),
    ({"width": 80, "form": "json"}, ValueError, 'width is for form="text"'),
    ({"max_depth": 0}, ValueError, "max_depth is a number of levels, 1 or more, or"),
    ({"max_depth": "2"}, ValueError, "max_depth is a number of levels"),
    ({"include": 3}, TypeError, "include is a pattern of names, or several"),
    ({"exclude": ["a", 3]}, TypeError, "exclude is a pattern of names, or several"),
]


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_wrong_options(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """One sentence, when the decorator is made."""
    with pytest.raises(error) as raised:
        log_calls(**options)
    assert str(raised.value).startswith(f"log_calls: {message}")


def in_thread(name: str, function: Callable[[], object]) -> None:
    """Call a function in a thread, to its end."""
    thread = threading.Thread(target=function, name=name)
    thread.start()
    thread.join()


def test_who_has_spoken_before(lines: list[str]) -> None:
    """The first line of a second speaker says it, once; then all have names."""

    @log_calls(sink=lines.append, result=False)
    def f() -> None:
        pass

    f()
    in_thread("worker", f)
    f()
    in_thread("other", f)
    assert lines == [
        *["→ f()", "← f()"],
        *["[worker; before: MainThread] → f()", "[worker] ← f()"],
        *["[MainThread] → f()", "[MainThread] ← f()"],
        *["[other] → f()", "[other] ← f()"],
    ]


def test_none_is_no_secret(lines: list[str]) -> None:
    """Under a secret's name None is shown: parameters, keys, keywords, results."""

    @log_calls(sink=lines.append)
    def plain(user: str, password: object = None) -> None:
        pass

    @log_calls(sink=lines.append)
    def stars(options: object, **more: object) -> None:
        pass

    @log_calls(sink=lines.append, form="json")
    def get_token(token: object) -> object:
        return token

    plain("ann")
    plain("ann", "None")
    plain("ann", 0)
    stars({"api_key": None, "b": {}}, password=None, token=1)
    assert lines[::2] == [
        "→ plain('ann', password=None)",
        "→ plain('ann', password=<redacted>)",
        "→ plain('ann', password=<redacted>)",
        "→ stars({'api_key': None, 'b': {}}, password=None, token=<redacted>)",
    ]
    lines.clear()
    get_token(None), get_token("x")
    rows = [json.loads(line) for line in lines]
    assert [row["args"]["token"] for row in rows[::2]] == ["None", "<redacted>"]
    assert [row["result"] for row in rows[1::2]] == ["None", "<redacted>"]


def test_what_is_thrown_into_a_generator_that_has_not_begun(lines: list[str]) -> None:
    """It has no arguments: least of all those of a dead one, where its frame was."""

    @log_calls(sink=lines.append)
    def count(text: str) -> Iterator[int]:
        yield len(text)

    for _ in range(20):
        dead = count("dead")
        next(dead)
        dead.close()  # type: ignore[attr-defined]
        del dead
        lines.clear()
        with pytest.raises(KeyError):
            count("new").throw(KeyError("x"))  # type: ignore[attr-defined]
        assert lines == [
            "⏵ count(…) thrown KeyError('x')",
            "✗ count(…) raised KeyError('x')",
        ]


def test_parameters_of_every_kind(lines: list[str]) -> None:
    """Those by position alone, by name alone, and defaults that are objects."""

    @log_calls(sink=lines.append, result=False)
    def f(a: Any, /, b: Any = {}, *, c: Any = (), **more: Any) -> None:  # noqa: B006
        pass

    @log_calls(sink=lines.append, result=False)
    def g(a: Any, /, *rest: Any, b: Any) -> None:
        pass

    f(1, a=2), g(1, 2, b=3)
    assert lines[::2] == ["→ f(1, b={}, c=(), a=2)", "→ g(1, 2, b=3)"]
    with pytest.raises(TypeError, match="positional-only"):
        g(a=1, b=2)  # type: ignore[call-arg]
