"""Carets: under what ran, and "~" under what it ran on, as this Python has it."""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
import traceback
from types import ModuleType
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import anchors
from tests.tracebacks.programs import failure

SAME = [
    "1 / 0",
    "x = 1 / 0",
    "return 5 + (1  //  0)",
    "return '日本é', 1/0",
    "{}['a']",
    "y = {'é': {}}['é']['b']",
    "y = {'a': 1}[ 'b' ]",
    "f(1, 2)",
    "y = [f(1, *[3])]",
    "y = f(1)(2), 3",
    "y = [f('\\n')]",
    "assert 0, 'x'",
    "y = -'a'",
    "y = f.q",
    "raise ValueError",
    "return f(1)",
    "return f([')', \"(\"])  # why",
    "y = f(1)",
    "y = f.__call__(1)",
    "return f.__call__(1)",
    "y = z = f(1)",
    "return f(1), 3",
    "return f(f(1))",
]
LONG = [
    "y = g(1 +\n 0)[\n 5]",
    "return 1, (1 //\n 0)",
    "return [1 //\n 0]",
    "return f(\n 1)",
    "return f.__call__(\n    1,\n)",
    "y = f(\n    1,\n)",
    "f(\n    1,\n)",
    "y = [f(\n    'é日'\n)]",
    "f(\n    1,\n), 3",
]


def both(body: str) -> tuple[list[str], list[str]]:
    """Give the lines of our traceback and of Python's."""
    lines = body.replace("\n", "\n    ")
    source = (
        "def main():\n    thing = Thing()\n"
        f"    {lines}\ndef f(a): raise KeyError\ndef g(a): return []\n"
    )
    exc = failure(source)
    ours = tracebacks.format(exc, show_locals=False).splitlines()
    theirs = "".join(traceback.format_exception(exc)).splitlines()
    return ours, theirs


@pytest.mark.parametrize("body", SAME)
def test_carets_are_those_of_python(body: str) -> None:
    """Operators, indices, calls, and what is none of these."""
    ours, theirs = both(body)
    if "\\" in body:  # the parser would warn
        theirs = [line.replace("~", "^") for line in theirs]
    assert ours == theirs


@pytest.mark.parametrize("body", LONG)
def test_of_several_lines(body: str) -> None:
    """Each has carets since 3.13, before that the first; all are shown."""
    ours, theirs = both(body)
    if sys.version_info >= (3, 13):
        assert ours == theirs
        return
    first = ours.index(f"    {body.splitlines()[0]}")
    if "^" in theirs[first + 1] or "~" in theirs[first + 1]:
        assert ours[: first + 2] == theirs[: first + 2]
    assert ours[-1] == theirs[-1]


def test_of_many_lines_the_first_has_carets() -> None:
    """Where not all of them are shown."""
    ours, _ = both("y = [f(\n 1" + ",\n *()" * 5 + ")]")
    at = ours.index("    y = [f(")
    assert ours[at + 1 : at + 6] == [
        "         ^^",
        *["     1,", "     *(),", "     *(),", "    ... 3 more lines"],
    ]


def test_calls_have_them_since_3_13() -> None:
    """Before that all of a call is marked."""
    assert anchors.anchors("f(1)") == ((1, 4) if sys.version_info >= (3, 13) else None)


@pytest.mark.parametrize("module", [argparse, traceback])
def test_the_short_way_says_what_python_says(module: ModuleType) -> None:
    """Of every expression and statement of one line in a module of ASCII."""
    text = inspect.getsource(module)
    lines = text.split("\n")
    segments = {
        lines[node.lineno - 1][node.col_offset : node.end_col_offset]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.stmt, ast.expr)) and node.lineno == node.end_lineno
    }
    told = {each: anchors.anchors(each) for each in segments}
    assert told == {
        each: None if "\\" in each else anchors._parsed(each) for each in told
    }
    assert {"argparse": 100, "traceback": 50}[module.__name__] < len(
        [each for each in told.values() if each]
    )


NOT_PLAIN = ["not -x", "yield *x", "await(x)", "f(f'{x[\")\"]}')", "f(1)(2)", "f(')')"]


@pytest.mark.parametrize("segment", NOT_PLAIN)
def test_what_looks_plain_and_is_not(segment: str) -> None:
    """Keywords are no names, and brackets in strings are no brackets."""
    assert anchors.anchors(segment) == anchors._parsed(segment)


@pytest.mark.parametrize(
    "find", [None, lambda _: 5, lambda _: 1 / 0], ids=["gone", "other", "fails"]
)
def test_without_the_function_of_python_carets_are_plain(
    find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is private, and may be gone."""
    name = "_extract_caret_anchors_from_line_segment"
    monkeypatch.setattr(traceback, name, find)
    anchors._parsed.cache_clear()
    exc = failure("def main():\n    x = Thing(), 1 / 0\n")
    assert "^^^^^\n" in tracebacks.format(exc)
    anchors._parsed.cache_clear()
