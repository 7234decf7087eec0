"""Secrets that the element before them tells: of pairs, of command lines."""

from __future__ import annotations

import gc
import weakref
from collections import deque
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frametools._safe_repr import is_secret, quick_repr, safe_repr
from frametools._safe_repr.text import Text
from frametools._secrets import REDACTED


class Row(NamedTuple):
    """Two fields, of which none is a secret by its name."""

    key: str
    value: str


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (("password", "x"), "('password', *)"),
        (["password", "x"], "['password', *]"),
        (("password", ["x", {}]), "('password', *)"),
        ({"a": ("token", 5)}, "{'a': ('token', *)}"),
        ({("token", 5): 1}, "{('token', *): 1}"),
        ([["Cookie", "x"], ["n", 3]], "[['Cookie', *], ['n', 3]]"),
        (deque(["Cookie", b"x"]), "deque(['Cookie', *])"),
        (deque(["a", "--password", "x"]), "deque(['a', '--password', *])"),
        (ValueError("a", "--token", "x"), "ValueError('a', '--token', *)"),
        ({b"token": 5}.items(), "dict_items([(b'token', *)])"),
        (("password", None), "('password', None)"),
        (("password", "x", 1), "('password', 'x', 1)"),
        (("unexpected token", 5), "('unexpected token', 5)"),
        (["--password=x", 5], "['--password=*', 5]"),
        ({"token": None, "a": 1}.keys(), "dict_keys(['token', 'a'])"),
        ({1: "token", 2: "a"}.values(), "dict_values(['token', 'a'])"),
        (Row("password", "x"), "Row(key='password', value='x')"),
    ],
)
def test_the_first_of_two_names_the_second(value: object, expected: str) -> None:
    """A word does, wherever the sequence is; a sentence does not, nor does a field."""
    assert safe_repr(value) == expected.replace("*", REDACTED)


def test_only_texts_are_judged() -> None:
    """A function that tells secrets is asked about no other first of two."""
    asked: list[object] = []
    value = [(1, 2), ("pin", 2), (b"pin", 2), ("pin", None), ((), 2)]
    safe_repr(value, redact=asked.append)  # type: ignore[arg-type, func-returns-value]
    assert asked == ["pin", b"pin"] * (len(asked) // 2)
    assert safe_repr({5: 6, 7: 8}.items(), redact=lambda name: name == 5) == (
        f"dict_items([(5, {REDACTED}), (7, 8)])"
    )
    assert safe_repr(("token", 5), redact=None) == "('token', 5)"


names = st.sampled_from(
    ["password", "db_token", "--password", "-token", "-x", "--n", "n", "a b", "--"]
)
shown = st.recursive(
    names | st.none() | st.integers(-9, 10**40) | st.text("a-= :", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(names, inner)
        | st.tuples(names, inner).map(list)
        | st.tuples(inner, names, inner)
        | st.dictionaries(names | st.integers(0, 9), inner, max_size=3)
        | st.dictionaries(st.tuples(names, names), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(shown, st.sampled_from([9, 30, 300]))
def test_the_quick_way_gives_the_same(value: object, limit: int) -> None:
    """Or it gives nothing."""
    for redact in (is_secret, None):
        text = quick_repr(value, limit, redact)
        if text is not None:
            assert text == Text(limit, redact).of(value)
            assert text == repr(value)
            assert len(text) <= limit


def test_no_element_is_kept() -> None:
    """Not by what is half read of a sequence that is cut."""

    class Thing: ...

    thing = Thing()
    watch = weakref.ref(thing)
    gc.disable()
    try:
        safe_repr(["--password", thing, *range(500)], 30)
        del thing
        assert watch() is None
    finally:
        gc.enable()
