"""The text of what `raise_from` makes: lines that fit."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools.tracebacks import EnhancedError, enhanced_traceback
from frametools.tracebacks.error_text import fitted
from frametools.tracebacks.options import Options
from tests.tracebacks.programs import failure


def text(**options: Any) -> str:
    """Give the message for a function with long values."""
    block = enhanced_traceback(raise_from=EnhancedError, callers=False, **options)
    return str(
        failure(
            """
            @block
            def main():
                thing = Thing()
                words = "word " * 20
                solid = "x" * 110
                odd = "a\\x1bb"
                1 / 0
            """,
            block=block,
        )
    )


def test_lines_fit_into_the_width() -> None:
    """A line ends behind a variable, else behind a space, else anywhere."""
    assert text(width=60) == (
        "division by zero\n"
        "  Frame: main - locals: {'thing': Thing(),\n"
        f"      'words': '{'word ' * 8}\n"
        f"      {'word ' * 10}\n"
        "      word word ',\n"
        f"      'solid': '{'x' * 44}\n"
        f"      {'x' * 54}\n"
        f"      {'x' * 12}', 'odd': 'a\\x1bb'}}"
    )
    assert text(width=1000).count("\n") == 1


def test_without_a_terminal_it_is_100(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one, it is what that says."""

    def size(columns: int | None) -> Any:
        if columns is None:
            raise OSError
        return os.terminal_size((columns, 24))

    for columns, expected in [(None, 100), (0, 100), (70, 70), (3, 20)]:
        monkeypatch.setattr(os, "get_terminal_size", lambda _, c=columns: size(c))
        assert Options().columns == expected
        assert max(map(len, text().split("\n"))) <= expected
    assert Options(width=50).columns == 50


VALUES = st.text("ab  ", max_size=60).map("'{}', ".format)


@given(st.lists(VALUES), st.integers(20, 80))
def test_fitting_loses_nothing_of_a_value(pieces: list[str], width: int) -> None:
    """Only the space between two variables, where a line ends, is not there."""
    first, *rest = fitted(pieces, width)
    text = first
    for line in rest:
        space = " " if text.endswith("',") else ""
        text += space + line.removeprefix("      ")
    assert text == "".join(pieces)
    assert all(len(line.removesuffix(" ")) <= width for line in (first, *rest))
    broken = [piece for piece in pieces if len(piece) - 1 + len("      ") > width]
    if not broken:
        assert all(line.endswith(("',", "', ")) for line in (first, *rest) if line)
